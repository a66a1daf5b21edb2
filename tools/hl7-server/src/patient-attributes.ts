import type { Attributes } from '@orthanc-tools/dicom-files';
import { validDate } from './date-time.ts';
import { identifierText, lineOfText, nameGroup } from './dicom-text.ts';
import { firstText, isDeleted, textAt } from './field-path.ts';
import type { SegmentsOf } from './field-path.ts';
import { patientSize, patientWeight } from './measurements.ts';
import { chosenPatientId, patientIds } from './order-identity.ts';
import { profileValues } from './profile-values.ts';
import type { ProfileValues } from './profile-values.ts';
import type { Profile } from './profile.ts';

/** An attribute of type 3: left out when there is nothing. */
export const optional = (value: string): string | undefined => (value === '' ? undefined : value);
/** An attribute of type 2: there, and empty, when there is nothing. */
export const present = (value: string): string | readonly string[] => (value === '' ? [] : value);

function identifiers(segments: SegmentsOf, profile: Profile): Attributes {
  const chosen = chosenPatientId(segments, profile);
  const [universal, kind] = [textAt(chosen, 4, 2), textAt(chosen, 4, 3)].map(identifierText) as [
    string,
    string,
  ];
  const others = patientIds(segments, profile).slice(1);
  return {
    PatientID: present(identifierText(textAt(chosen))),
    IssuerOfPatientID: optional(lineOfText(textAt(chosen, 4))),
    IssuerOfPatientIDQualifiersSequence:
      universal !== '' && kind !== ''
        ? [{ UniversalEntityID: universal, UniversalEntityIDType: kind }]
        : undefined,
    OtherPatientIDsSequence:
      others.length === 0
        ? undefined
        : others.map((other) => ({
            PatientID: identifierText(textAt(other)),
            IssuerOfPatientID: optional(lineOfText(textAt(other, 4))),
            TypeOfPatientID: 'TEXT',
          })),
  };
}

/** Where a profile knows the owner of an animal: family and given name, each from a field of its own. */
function responsiblePerson(segments: SegmentsOf, profile: Profile, values: ProfileValues): Attributes {
  const paths = profile.sources.get('ResponsiblePerson') ?? [];
  const name = nameGroup(paths.map((path) => firstText(segments, [path])));
  if (name === '' || !values.isSaid('PatientSpeciesDescription')) return {};
  return { ResponsiblePerson: name, ResponsiblePersonRole: 'OWNER' };
}

/** What PID says: the attributes that an update of the patient changes. */
function demographics(segments: SegmentsOf, profile: Profile, values: ProfileValues): Attributes {
  return {
    PatientName: present(values.name('PatientName')),
    ...identifiers(segments, profile),
    PatientBirthDate: present(validDate(values.text('PatientBirthDate'))),
    PatientSex: present(values.text('PatientSex')),
    PatientSexNeutered: optional(values.text('PatientSexNeutered')),
    PatientMotherBirthName: optional(values.name('PatientMotherBirthName')),
    PatientAddress: optional(values.joined('PatientAddress', ', ')),
    PatientSpeciesDescription: optional(values.line('PatientSpeciesDescription')),
    PatientBreedDescription: optional(values.line('PatientBreedDescription')),
    BreedRegistrationNumber: optional(values.line('BreedRegistrationNumber')),
    ...responsiblePerson(segments, profile, values),
  };
}

export const isEmptyValue = (value: unknown): boolean =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** The same without what PID leaves open: only `""` empties an attribute. Identifiers count as a whole. */
export function saidDemographics(segments: SegmentsOf, profile: Profile): Attributes {
  const identifying = identifiers(segments, profile);
  return Object.fromEntries(
    Object.entries(demographics(segments, profile, profileValues(segments, profile))).filter(
      ([keyword, value]) =>
        keyword in identifying ||
        !isEmptyValue(value) ||
        isDeleted(segments, profile.sources.get(keyword) ?? []),
    ),
  );
}

const pregnant = 3;

/** The patient as this order knows it: PID, the visit, measurements, allergies. */
export function patientAttributes(segments: SegmentsOf, profile: Profile, values: ProfileValues): Attributes {
  const observations = segments('OBX');
  const isPregnant = (segments('PV1')[0]?.field(15) ?? []).some((one) => textAt(one).toUpperCase() === 'B6');
  const allergies = segments('AL1')
    .map((segment) => segment.field(3)[0])
    .map((one) => lineOfText(textAt(one, 2) || textAt(one, 1)))
    .filter((text) => text !== '');
  const issuer = lineOfText(textAt(values.repetitions('AdmissionID')[0], 4));
  return {
    ...demographics(segments, profile, values),
    PatientWeight: present(patientWeight(observations)),
    PatientSize: optional(patientSize(observations)),
    PregnancyStatus: isPregnant ? [pregnant] : [],
    Allergies: allergies,
    MedicalAlerts: present(values.line('MedicalAlerts')),
    PatientState: present(values.line('PatientState')),
    AdmissionID: present(identifierText(values.text('AdmissionID'))),
    IssuerOfAdmissionIDSequence: issuer === '' ? undefined : [{ LocalNamespaceEntityID: issuer }],
    CurrentPatientLocation: present(values.joined('CurrentPatientLocation', '^')),
    ReferringPhysicianName: present(values.physician('ReferringPhysicianName')),
    ConfidentialityConstraintOnPatientDataDescription: present(
      values.line('ConfidentialityConstraintOnPatientDataDescription'),
    ),
    SpecialNeeds: [],
  };
}
