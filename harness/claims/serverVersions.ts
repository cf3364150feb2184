/** Whether a server of this version (`v1.34.4`, with whatever distributions add) is of that minor version (`1.31`) or a later one. */
export function isAtLeast(serverVersion: string, minor: string): boolean {
  const [major = 0, minorOfServer = 0] = numbersOf(serverVersion);
  const [wantedMajor = 0, wantedMinor = 0] = numbersOf(minor);
  return major > wantedMajor || (major === wantedMajor && minorOfServer >= wantedMinor);
}

function numbersOf(version: string): readonly number[] {
  return (version.match(/\d+/g) ?? []).map(Number);
}
