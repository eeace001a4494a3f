import packageJson from '../package.json' with { type: 'json' };

/** The version of the code, as it stands in manifests and answers. */
export const CODE_VERSION: string = packageJson.version;
