/** Key of the option that names the rules file. */
export const rulesOption = 'labelsFilePath';
