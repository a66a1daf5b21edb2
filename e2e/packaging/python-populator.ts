// As the Python tool's documentation has it, letter by letter.
const documented =
  'python3 -m orthanc_tools.orthanc_test_db_populator --url=http://192.168.0.10:8042 --user=user --password=pwd --studies=5000 --seed=42';

/** The whole command line, as an image understands it. */
export const pythonCommand: readonly string[] = documented.split(' ');

/** Everything after the module's name. */
export const pythonArguments: readonly string[] = pythonCommand.slice(3);
