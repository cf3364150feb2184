import { describe, expect, it } from 'vitest';
import { keyOf, type KeyInputs } from './key.ts';
import { parseImageList } from './kubeadm.ts';

const file = (path: string, content: string, executable = false) => ({
  path,
  content: Buffer.from(content),
  executable,
});
const inputs: KeyInputs = {
  name: 'a',
  values: { x: '1', y: '2' },
  parentKeys: ['p'],
  files: [file('f', '1'), file('g', '2')],
};

describe('the key of an image', () => {
  it('does not depend on the order of values and files', () => {
    const turned = { ...inputs, values: { y: '2', x: '1' }, files: [...inputs.files].reverse() };
    expect(keyOf(turned)).toBe(keyOf(inputs));
  });

  it.each<[string, Partial<KeyInputs>]>([
    ['its name', { name: 'b' }],
    ['a value', { values: { x: '1', y: '3' } }],
    ['what the image stands on', { parentKeys: ['q'] }],
    ["a file's content", { files: [file('f', '1'), file('g', '3')] }],
    ["a file's name", { files: [file('f', '1'), file('h', '2')] }],
    ['whether a file can be run', { files: [file('f', '1', true), file('g', '2')] }],
    ['where one part ends and the next begins', { values: { x: '1y', '': '2' } }],
  ])('changes with %s', (_title, change) => {
    expect(keyOf({ ...inputs, ...change })).not.toBe(keyOf(inputs));
  });
});

describe("kubeadm's list of images", () => {
  const list = [
    'kube-apiserver:v1',
    'kube-controller-manager:v1',
    'kube-scheduler:v1',
    'kube-proxy:v1',
    'coredns/coredns:v2',
    'pause:3',
  ].map((image) => `registry.test/${image}`);

  it('is read by component', () => {
    const images = parseImageList([...list, 'registry.test:5000/etcd:3.6'].join('\n'));
    expect(images.coredns).toBe('registry.test/coredns/coredns:v2');
    expect(images.etcd).toBe('registry.test:5000/etcd:3.6');
  });

  it('is refused when a component is not in it', () => {
    expect(() => parseImageList(list.join('\n'))).toThrow(/no image of etcd/);
  });
});
