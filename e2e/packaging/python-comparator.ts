// As the Python tool's documentation has it, letter by letter.
const documented =
  'python3 -u -m orthanc_tools.orthanc_comparator --level=Instance --url=http://pacs-2022:8042 --modality=pacs-2017 --from_study_date=20220201 --to_study_date=20220302 --transfer_missing_to_modality --ignore_missing_from_orthanc --run_only_at_night_and_weekend --night_start_hour=19 --night_end_hour=6';

/** The whole command line, as an image understands it; its hours are all hours, so that a test need not wait for the night. */
export const pythonCommand: readonly string[] = documented
  .replace('--night_start_hour=19 --night_end_hour=6', '--night_start_hour=6 --night_end_hour=19')
  .split(' ');

/** Everything after the module's name. */
export const pythonArguments: readonly string[] = pythonCommand.slice(4);
