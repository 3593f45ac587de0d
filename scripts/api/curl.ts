import type { Operation } from './described.ts';

/** The longest example of a body that fits a command. */
const inline = 400;

/** A command that makes the request, with the local keys. */
export function curlOf(method: string, path: string, operation: Operation): string {
  const { parameters = [], requestBody, security } = operation;
  const filled = parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce((text, { name, example = '' }) => text.replace(`{${name}}`, example), path);
  const lines = [`curl "$EDGE${filled}"`];
  const schemes = security.map((scheme) => Object.keys(scheme)[0]);
  if (schemes.includes('secretKey')) lines.push("-H 'Authorization: Bearer sk_local'");
  if (schemes.includes('adminToken')) lines.push('-H "Authorization: Bearer $ADMIN_TOKEN"');
  const [type, body] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const text = body?.example === undefined ? undefined : JSON.stringify(body.example);
  if (text && text.length <= inline) lines.push(`-d '${text}'`);
  if (type && body?.example === undefined)
    lines.push(`-H 'Content-Type: ${type}' --data-binary @noisy.png -o clean.png`);
  const implied = type ? 'post' : 'get';
  if (method !== implied) lines.push(`-X ${method.toUpperCase()}`);
  return lines.join(' \\\n  ');
}
