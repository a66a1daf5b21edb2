/** As the Python tool's documentation has it, letter by letter. */
export const pythonCommand =
  'python3 -m orthanc_tools.orthanc_forwarder --source_url=http://192.168.0.10:8042 --source_user=user --source_pwd=pwd --destination=target_modality_alias --trigger=StableStudy'.split(
    ' ',
  );

export const documentedUrl = 'http://192.168.0.10:8042';
export const alias = 'target_modality_alias';
export const credentials = { user: 'user', password: 'pwd' };

/** The inbox that the command line knows; it calls a study stable after a second. */
export const configuration = {
  AuthenticationEnabled: true,
  RegisteredUsers: { user: 'pwd' },
  StableAge: 1,
};
