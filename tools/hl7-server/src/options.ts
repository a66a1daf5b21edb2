import { orthancOptions } from '@orthanc-tools/orthanc-client';
import { isAddressRange } from '@orthanc-tools/mllp';
import { telemetryOptions } from '@orthanc-tools/telemetry';
import {
  type OptionsOf,
  count,
  declareOptions,
  duration,
  filePath,
  oneOf,
  secret,
  text,
  textList,
  toggle,
  url,
} from '@orthanc-tools/tool-options';
import { runtimeOptions } from '@orthanc-tools/tool-runtime';

const listening = 'Listening';
const worklists = 'Worklists';
const reading = 'Reading messages';
const answers = 'Answers';
const journal = 'Journal';
const more = 'Beside orders';
const limits = 'Limits';

const everywhere = ['status', 'requeue', 'replay', 'try'];
const orthanc = orthancOptions('orthanc');

export const hl7ServerOptions = declareOptions({
  port: count({
    describe: 'Port on which MLLP connections are taken.',
    default: 2575,
    min: 1,
    max: 65_535,
    group: listening,
    flags: ['p'],
  }),
  listenHost: text({
    describe: 'Address on which they are taken; 127.0.0.1 for this machine only.',
    default: '0.0.0.0',
    flags: ['host'],
    group: listening,
  }),
  allowedAddresses: textList({
    describe:
      'Addresses and ranges of addresses that may connect; all others are turned away. Everybody may without it.',
    check: (given) => {
      const wrong = given.find((one) => !isAddressRange(one));
      return wrong === undefined
        ? undefined
        : `holds "${wrong}", which is no address such as 10.0.0.7 or 10.0.0.0/24`;
    },
    group: listening,
    example: '10.0.0.0/24,192.168.1.7',
  }),
  tlsCert: filePath({
    describe: 'Certificate (PEM) of this server: connections are then encrypted.',
    group: listening,
    requiredWhen: { tlsKey: 'set' },
  }),
  tlsKey: filePath({
    describe: 'Key (PEM) of that certificate.',
    group: listening,
    requiredWhen: { tlsCert: 'set' },
  }),
  tlsKeyPassphrase: secret({
    describe: 'Passphrase of the key.',
    group: listening,
    idleUnless: { tlsKey: 'set' },
  }),
  tlsClientCa: filePath({
    describe: 'Authorities (PEM): only clients with a certificate that one of them has signed may connect.',
    group: listening,
    idleUnless: { tlsCert: 'set' },
  }),
  folder: filePath({
    describe:
      'Folder of worklist files (.wl) that Orthanc serves. Without it, and without the address of an Orthanc, it is /worklists. Files that something else has written there stay as they are.',
    group: worklists,
    flags: ['f'],
    example: '/worklists',
    placeholder: 'FOLDER',
  }),
  ...orthanc,
  orthancUrl: url({
    describe:
      'Address of an Orthanc with the newer plugin for worklists, which then keeps them itself; used for them only without --folder. Reports go there too.',
    group: 'Orthanc',
    flags: ['url'],
    example: 'http://orthanc-a:8042',
    credentialsThrough: '--orthanc-user and --orthanc-pwd',
  }),
  retention: duration({
    describe:
      'How long after its scheduled start, and after the last message about it, a worklist is removed; a number alone counts hours.',
    default: '24h',
    bareUnit: 'h',
    group: worklists,
    flags: ['r'],
  }),
  onCompleted: oneOf(['delete', 'keep'], {
    describe: 'What becomes of a worklist whose order is completed (SC or XO with CM).',
    default: 'delete',
    group: worklists,
  }),
  onInProgress: oneOf(['delete', 'keep'], {
    describe: 'What becomes of it when the examination has begun (SC with IP).',
    default: 'keep',
    group: worklists,
  }),
  onHold: oneOf(['keep', 'hide'], {
    describe: 'What becomes of it while the order is on hold (HD), until it is released (RL).',
    default: 'keep',
    group: worklists,
  }),
  onStable: oneOf(['keep', 'delete'], {
    describe:
      'What becomes of a worklist when the study of its Study Instance UID, and of its patient, has become stable in Orthanc, which is asked every minute.',
    default: 'keep',
    group: worklists,
    checkBeside: (wanted, { orthancUrl }) =>
      wanted === 'delete' && orthancUrl === undefined ? 'needs --orthanc-url (ORTHANC_URL)' : undefined,
  }),
  onOlder: oneOf(['apply', 'ignore'], {
    describe: 'What is done with a message that is older (MSH-7) than the last one about the same order.',
    default: 'apply',
    group: worklists,
  }),
  outputCharset: oneOf(['auto', 'message', 'utf-8', 'latin-1'], {
    describe:
      'Character set of worklist files: auto is that of the message, but for Korean, which Orthanc damages unless it is UTF-8; message is always that of the message; latin-1 is for old devices. Where it cannot hold every letter, the file is UTF-8.',
    default: 'auto',
    group: worklists,
  }),
  encoding: text({
    describe: 'Character set of messages that name none in MSH-18 and are no UTF-8.',
    default: 'iso-8859-1',
    group: reading,
    flags: ['e'],
    commands: ['try'],
  }),
  profile: text({
    describe:
      'Which field feeds which attribute: default, vetera, assistovet, or a file (YAML or JSON) that says what differs at this site.',
    default: 'default',
    group: reading,
    commands: ['try'],
    example: '/etc/orthanc-tools/profile.yml',
  }),
  longIdentifiers: oneOf(['keep', 'reject', 'hash'], {
    describe:
      'What is done with an accession number, or an identifier of a procedure or step, of more than 16 characters, which DICOM does not allow: it is never cut off.',
    default: 'keep',
    group: reading,
    commands: ['try'],
  }),
  withoutModality: oneOf(['default', 'refuse'], {
    describe:
      'What is done with an order that names no modality: it gets that of the profile (OT), or it is refused.',
    default: 'default',
    group: reading,
    commands: ['try'],
  }),
  withoutStart: oneOf(['message', 'now'], {
    describe:
      'When a step is scheduled of which no field says when: at the time of the message (MSH-7), or now.',
    default: 'message',
    group: reading,
    commands: ['try'],
  }),
  convertOffsets: toggle({
    describe:
      'Convert times that bear an offset from UTC (202601151200+0100) to the time zone of this machine (TZ); otherwise the offset is dropped.',
    group: reading,
    commands: ['try'],
  }),
  withoutControl: oneOf(['schedule', 'refuse'], {
    describe: 'What is done with an order without order control (ORC-1).',
    default: 'schedule',
    group: reading,
    commands: ['try'],
  }),
  ignore: textList({
    describe:
      'Types of messages that are accepted without any effect, for senders that stop at a refusal: ADT, or ADT^A01.',
    group: answers,
    example: 'ADT,SIU',
  }),
  onFailure: oneOf(['AE', 'AR', 'close'], {
    describe:
      'What a sender hears when its message cannot be stored now, so that it repeats it: an answer, or none.',
    default: 'AE',
    group: answers,
  }),
  forceOriginalMode: toggle({
    describe: 'Answer every message with AA, AE or AR, whatever it asks for in MSH-15 and MSH-16.',
    group: answers,
  }),
  refuseTests: toggle({
    describe: 'Refuse messages for training and debugging (MSH-11 T or D).',
    group: answers,
  }),
  patientUpdates: toggle({
    describe: 'Rewrite open worklists when a patient is updated (ADT^A08, A31) or merged (A40, A47).',
    group: more,
  }),
  reports: toggle({
    describe: 'Add the PDF of a report (ORU^R01) to the study at Orthanc that it names by its UID.',
    group: more,
    checkBeside: (wanted, { orthancUrl }) =>
      wanted && orthancUrl === undefined ? 'needs --orthanc-url (ORTHANC_URL)' : undefined,
  }),
  reportTitle: text({
    describe: 'Description of the series that a report becomes.',
    default: 'Report',
    group: more,
    idleUnless: { reports: [true] },
  }),
  watchFolder: filePath({
    describe:
      'Folder into which other programs put messages as files: each is read once it rests, and removed once it has taken effect. Refused ones go to the folder "refused" in it.',
    group: more,
    placeholder: 'FOLDER',
  }),
  watchInterval: duration({
    describe: 'How often that folder is looked at.',
    default: '5s',
    min: '100ms',
    group: more,
    idleUnless: { watchFolder: 'set' },
  }),
  journalPath: filePath({
    written: 'in place',
    describe:
      'File (SQLite) with the messages, their answers and the orders they spoke of; it holds patient data. Without it, it lies in ~/.local/state/orthanc-tools.',
    group: journal,
    commands: everywhere,
    placeholder: 'FILE',
    example: '/status/hl7-server.sqlite',
  }),
  journalRetention: duration({
    describe:
      'How long messages are kept in it, and orders without worklists after the last message about them.',
    default: '30d',
    group: journal,
  }),
  maxFrameMegabytes: count({
    describe: 'The largest message that is read, in megabytes.',
    default: 16,
    min: 1,
    max: 256,
    group: limits,
  }),
  maxHeldMegabytes: count({
    describe:
      'What all connections together may hold of messages that are incomplete or unanswered, in megabytes.',
    default: 256,
    min: 16,
    group: limits,
  }),
  maxConnections: count({
    describe: 'How many connections are open at the same time, at most.',
    default: 16_384,
    min: 1,
    group: limits,
  }),
  maxConnectionsPerAddress: count({
    describe: 'How many of them come from one address, at most.',
    default: 16_384,
    min: 1,
    group: limits,
  }),
  idleTimeout: duration({
    describe: 'A connection on which nothing has come for so long is closed.',
    default: '24h',
    min: '1s',
    group: limits,
  }),
  stallTimeout: duration({
    describe: 'Within a message: the connection is closed when no byte has come for so long.',
    default: '30s',
    min: '1s',
    group: limits,
  }),
  frameTimeout: duration({
    describe: 'How long a message may take from its first byte to its last.',
    default: '5m',
    min: '1s',
    group: limits,
  }),
  answerTimeout: duration({
    describe: 'A sender that does not read its answers for so long is disconnected.',
    default: '30s',
    min: '1s',
    group: limits,
  }),
  ...telemetryOptions,
  ...runtimeOptions,
});

export type Hl7ServerOptions = OptionsOf<typeof hl7ServerOptions>;
