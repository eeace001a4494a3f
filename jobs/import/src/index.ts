export { type ImportRequest, importFile } from './import-file.ts';
