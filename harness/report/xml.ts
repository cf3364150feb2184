/**
 * Text made safe for XML and HTML, in content and in attributes. Control characters that XML has no place for are dropped, and lone halves of
 * surrogate pairs are replaced.
 */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(forbidden, '')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}

// XML 1.0 allows tab, line feed and carriage return below U+0020, and neither U+FFFE nor U+FFFF.
// oxlint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFFFE\uFFFF]/g;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
