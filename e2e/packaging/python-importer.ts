/** As the Python tool's documentation has it, letter by letter. */
export const pythonCommand =
  'python3 -m orthanc_tools.orthanc_folder_importer --folder_path=/import --url=http://localhost:8042 --user=test --password=test --skip_extensions=.cne,.bmp,.ini --worker_threads_count=5'.split(
    ' ',
  );

/** What follows the name of the module. */
export const pythonArguments = pythonCommand.slice(3);

export const credentials = { user: 'test', password: 'test' };

/** The server that the command line knows. */
export const configuration = { AuthenticationEnabled: true, RegisteredUsers: { test: 'test' } };
