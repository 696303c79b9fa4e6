import type { Deployment } from './settings.js';

/** Folder of the parameters that hold the secrets. */
export const secretsPrefix = ({ name }: Pick<Deployment, 'name'>): string => `/${name}/`;
