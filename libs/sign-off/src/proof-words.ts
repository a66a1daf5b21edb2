/** What each kind of proof says, for whoever signs. Words that are not here are shown as they are. */
const meanings: Readonly<Record<string, string>> = {
  'id+md5': 'the same identifiers, and the same MD5 of the whole file on both sides',
  'id+content': 'the same identifiers; both files were read and are equal byte by byte',
  id: 'the same identifiers, and the size of what was sent; a server keeps no MD5',
  image: 'each image was read back: the same pixels and attributes, in a file written anew on the way',
  'id+sent': 'the same identifiers, not there before it was sent; the file was written anew on the way',
  uid: 'every image that the source names is held by the destination',
  'uid+count': 'every image that the source names is held, and as many as it counts',
  'c-find': 'the destination lists every image that was sent',
  commitment: 'the destination has taken responsibility for every image (storage commitment)',
  qido: 'the destination lists every image that was sent (DICOMweb)',
  count: 'the destination counts as many images as were sent',
  existence: 'images of these identifiers were there before; nobody has compared them',
  mixed: 'members of an archive, each with a proof of its own',
};

/** `none` is no kind of proof: what is counted under it is told as accepted or as passed over. */
export const isProof = (word: string): boolean => word !== '' && word !== 'none';

export const meaningOfProof = (proof: string): string => meanings[proof] ?? proof;
