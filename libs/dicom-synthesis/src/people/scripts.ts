/** The writing systems in which patients' names come. */
export type Script = 'latin' | 'greek' | 'cyrillic' | 'japanese' | 'korean' | 'chinese' | 'arabic' | 'mixed';

/** One name in all the forms that its script has: alphabetic, ideographic, phonetic. */
export type NameForms = readonly string[];

export interface ScriptNames {
  readonly script: Script;
  /** Its share among the patients. */
  readonly weight: number;
  /** Values of Specific Character Set. */
  readonly characterSet: readonly string[];
  readonly families: readonly NameForms[];
  readonly givenF: readonly NameForms[];
  readonly givenM: readonly NameForms[];
  readonly hospitals: readonly string[];
}

const forms = (text: string): NameForms[] => text.split(/\s+/).map((entry) => entry.split('='));

const latin: ScriptNames = {
  script: 'latin',
  weight: 44,
  characterSet: ['ISO_IR 100'],
  families: forms(
    'Peeters Janssens Maes Jacobs Mertens Willems Dubois Lefèvre Lambert Moreau Müller Schröder Weiß Hoffmann Fischer Becker García Fernández Muñoz Núñez Ibáñez Rossi Bianchi Esposito Lindström Sjöberg Åkesson Sørensen Kjærgaard Smith Johnson Williams Thompson Murphy Silva Gonçalves Conceição',
  ),
  givenF: forms(
    'Anna Marie Chloé Zoé Hélène Françoise Jürgen-Ute Käthe Björg María Inés Lucía Sofía Giulia Chiara Åsa Märta Emily Charlotte Olivia Conceição Beatriz',
  ),
  givenM: forms(
    'Jan Luc Benoît François André René Jürgen Günther Björn José Andrés Iñaki Marco Matteo Søren Håkan James Oliver William João Sebastião',
  ),
  hospitals: [
    'Clinique Sainte-Élisabeth',
    'Universitätsklinikum Süd',
    'Hospital São João',
    'City General Hospital',
  ],
};
const mixed: ScriptNames = {
  script: 'mixed',
  weight: 16,
  characterSet: ['ISO_IR 192'],
  families: forms(
    'Kovačević Dvořák Novák Łukasiewicz Wiśniewski Szűcs Őry Popescu-Țîrlea Yılmaz Çelik Şahin Nguyễn Trần Phạm Ólafsdóttir Kārkliņš',
  ),
  givenF: forms('Željka Jiřina Małgorzata Erzsébet Ștefania Ayşe Gülşen Thị-Hương Sigríður Līga'),
  givenM: forms('Željko Jiří Stanisław Győző Ștefan Çağlar Oğuz Văn-Hùng Þorsteinn Jānis'),
  hospitals: ['Szpital Wojewódzki', 'Nemocnice u Řeky', 'Şehir Hastanesi'],
};
const greek: ScriptNames = {
  script: 'greek',
  weight: 6,
  characterSet: ['ISO_IR 126'],
  families: forms('Παπαδόπουλος Γεωργίου Δημητρίου Οικονόμου Νικολαΐδης Βασιλείου Αγγελόπουλος'),
  givenF: forms('Μαρία Ελένη Αικατερίνη Βασιλική Σοφία Αγγελική'),
  givenM: forms('Γεώργιος Δημήτριος Κωνσταντίνος Ιωάννης Νικόλαος Χρήστος'),
  hospitals: ['Γενικό Νοσοκομείο'],
};
const cyrillic: ScriptNames = {
  script: 'cyrillic',
  weight: 8,
  characterSet: ['ISO_IR 144'],
  families: forms('Иваненко Петренко Соколенко Щербак Юрченко Люксембург Жуковский Чайковский'),
  givenF: forms('Анна Екатерина Ольга Наталья Юлия Людмила'),
  givenM: forms('Александр Дмитрий Сергей Юрий Михаил Фёдор'),
  hospitals: ['Городская больница'],
};
const japanese: ScriptNames = {
  script: 'japanese',
  weight: 8,
  characterSet: ['', 'ISO 2022 IR 87'],
  families: forms(
    'Yamada=山田=やまだ Satou=佐藤=さとう Suzuki=鈴木=すずき Ogawa=小川=おがわ Tanaka=田中=たなか Ueda=上田=うえだ Mori=森=もり',
  ),
  givenF: forms('Hanako=花子=はなこ Yuuko=裕子=ゆうこ Keiko=恵子=けいこ Misaki=美咲=みさき'),
  givenM: forms('Tarou=太郎=たろう Jirou=次郎=じろう Kenji=健二=けんじ Makoto=誠=まこと'),
  hospitals: ['中央病院'],
};
const korean: ScriptNames = {
  script: 'korean',
  weight: 6,
  characterSet: ['', 'ISO 2022 IR 149'],
  families: forms('Hong=洪=홍 Kim=金=김 Park=朴=박 Choi=崔=최 Jeong=鄭=정 Kang=姜=강'),
  givenF: forms('Yeonghui=英姬=영희 Minji=敏智=민지 Sujin=秀珍=수진'),
  givenM: forms('Gildong=吉洞=길동 Cheolsu=哲洙=철수 Minho=敏浩=민호'),
  hospitals: ['서울중앙병원'],
};
const chinese: ScriptNames = {
  script: 'chinese',
  weight: 8,
  characterSet: ['', 'ISO 2022 IR 58'],
  families: forms('Wang=王 Zhang=张 Liu=刘 Chen=陈 Huang=黄 Zhao=赵 Zhou=周'),
  givenF: forms('XiaoDong=小东 XiuYing=秀英 LiHua=丽华 MeiLing=美玲'),
  givenM: forms('JianGuo=建国 ZhiQiang=志强 WeiMing=伟明 XiaoLong=小龙'),
  hospitals: ['第一人民医院'],
};
const arabic: ScriptNames = {
  script: 'arabic',
  weight: 4,
  characterSet: ['ISO_IR 127'],
  families: forms('قباني الخطيب المصري النجار حداد العلي'),
  givenF: forms('فاطمة مريم ليلى عائشة'),
  givenM: forms('لنزار محمد يوسف أحمد'),
  hospitals: ['المستشفى المركزي'],
};

/** The catalogue of scripts; a new one is one more entry. */
export const scripts: readonly ScriptNames[] = [
  latin,
  mixed,
  greek,
  cyrillic,
  japanese,
  korean,
  chinese,
  arabic,
];

export const scriptNames: readonly Script[] = scripts.map(({ script }) => script);
