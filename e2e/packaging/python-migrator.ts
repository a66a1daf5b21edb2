/** As the Python tool's documentation has it, letter by letter. */
export const pythonCommand =
  'python3 -m orthanc_tools.pacs_migrator --url=http://localhost:8042 --user=user --password=pwd --destination_modality=orthanc-debug --from_study_date=20000101 --to_study_date=20191231 --run_only_at_night_and_weekend --night_start_hour=18 --night_end_hour=6'.split(
    ' ',
  );

export const documentedUrl = 'http://localhost:8042';
export const alias = 'orthanc-debug';
export const credentials = { user: 'user', password: 'pwd' };
/** Within the dates of the command line. */
export const studyDates = { from: '20000101', to: '20191231' };

/** The same hours, all week: a test does not wait for the night. */
export const anyHour = '--run_schedule={"Monday-Sunday": ["0-24"]}';

/** The Orthanc that the command line knows. */
export const configuration = { AuthenticationEnabled: true, RegisteredUsers: { user: 'pwd' } };
