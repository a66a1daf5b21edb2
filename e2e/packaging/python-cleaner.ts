/** As the Python tool's documentation has it, letter by letter. */
export const pythonCommand =
  'python3 -m orthanc_tools.orthanc_cleaner --url=http://localhost:8042 --user=orthanc --password=orthanc --execution_time=2:30 --labels_file_path=./tests/stimuli/labels.csv'.split(
    ' ',
  );

export const documentedUrl = 'http://localhost:8042';
/** A path in the folder from which the command runs. */
export const documentedFile = './tests/stimuli/labels.csv';
export const labelsFile = 'LABEL1,6\nLABEL2,12\n';
export const credentials = { user: 'orthanc', password: 'orthanc' };

/** The Orthanc that the command line knows. */
export const configuration = {
  AuthenticationEnabled: true,
  RegisteredUsers: { orthanc: 'orthanc' },
};
