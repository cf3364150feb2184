import { describe, expect, it } from 'vitest';
import { lowPrioritySource, mirrorOf, parseIndexTargets, parseOsRelease } from './apt.ts';

const targets = `
http://mirror.test/debian-security/ bookworm-security main
http://mirror.test/debian/ bookworm-updates main
http://mirror.test/debian/ bookworm contrib
http://other.test/debian/ bookworm main
`;

describe('the mirror of this machine', () => {
  it('is the one its own release comes from, not that of updates, security or another component', () => {
    expect(mirrorOf(parseIndexTargets(targets), 'bookworm')).toBe('http://other.test/debian/');
  });

  it('is unknown when apt has no source for the release', () => {
    expect(mirrorOf(parseIndexTargets(targets), 'trixie')).toBeUndefined();
  });

  it('lends its address to a newer release that is used only by name', () => {
    const { list, pin } = lowPrioritySource('http://other.test/debian/', 'trixie');
    expect(list).toBe('deb http://other.test/debian/ trixie main\n');
    expect(pin).toContain('Pin-Priority: 100');
  });
});

describe('os-release', () => {
  it('is read with and without quotes', () => {
    expect(parseOsRelease('PRETTY_NAME="Debian 12"\nID=debian\nVERSION_CODENAME="bookworm"\n')).toEqual({
      id: 'debian',
      codename: 'bookworm',
    });
  });
});
