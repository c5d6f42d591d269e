// Writes the public suffix rules that the npm package tldts carries as one sorted text.
// usage: node convert.mjs FOLDER-WITH-NODE_MODULES OUTPUT
//
// line 1   blocklist-suffixes/2 source=tldts version=7.5.4 date=2026-11-15 rules=9876 license=MPL-2.0
// then     "dynamic NAME", "icann RULE" or "private RULE", LC_ALL=C order; RULE as the list writes it, in A-labels:
//          name, *.name, !name. The dynamic ones are our own, from dynamic-dns.txt.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { domainToASCII } from 'node:url';

const [folder, output] = process.argv.slice(2);
const require = createRequire(join(resolve(folder), 'package.json'));
const { version } = require('tldts/package.json');
// Not an interface that the package promises: every assumption about its shape is checked below.
const trie = require('tldts/dist/cjs/src/data/trie.js');

const sections = { 1: 'icann', 2: 'private' };
const rules = new Map();

function walk(node, labels, prefix, edgeOffset) {
  const flag = trie.nodeFlags[node];
  if (flag !== 0) add(sections[flag] ?? fail(`flag ${flag} at ${labels.join('.')} is neither ICANN nor PRIVATE`), prefix, labels);
  for (let edge = trie.edgeStart[node]; edge < trie.edgeStart[node + 1]; edge++) {
    const label = trie.labelText.slice(edgeOffset[edge], edgeOffset[edge] + trie.edgeLength[edge]);
    walk(trie.edgeChild[edge], [label, ...labels], prefix, edgeOffset);
  }
}

function add(section, prefix, labels) {
  if (labels.slice(1).includes('*')) fail(`${labels.join('.')} has a * that is not its first label`);
  const rule = prefix + labels.map(label => (label === '*' ? label : toALabel(label))).join('.');
  const known = rules.get(rule);
  if (known !== undefined && known !== section) fail(`${rule} is in both sections`);
  rules.set(rule, section);
}

// The package has international rules twice, as U-labels and as A-labels.
function toALabel(label) {
  // What is ASCII already stays as it is: alone, "5" would be read as an address.
  const ascii = /^[\x00-\x7f]*$/.test(label) ? label : domainToASCII(label);
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(ascii)) fail(`${label} is no label of a name`);
  return ascii;
}

function publicationDate() {
  const { published } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  return published[`tldts@${version}`]
    ?? fail(`package.json does not say when tldts ${version} was published; take the date from: npm view tldts@${version} time`);
}

function fail(message) {
  console.error(`suffixes: ${message}`);
  process.exit(1);
}

const edgeOffset = new Uint32Array(trie.edgeLength.length);
for (let edge = 1; edge < edgeOffset.length; edge++) edgeOffset[edge] = edgeOffset[edge - 1] + trie.edgeLength[edge - 1];
walk(trie.rulesRoot, [], '', edgeOffset);
walk(trie.exceptionsRoot, [], '!', edgeOffset);

const count = section => [...rules.values()].filter(value => value === section).length;
// The list has had more than 6,000 and 2,500 for years; far fewer mean that the package has changed its shape.
if (count('icann') < 6000 || count('private') < 2500) fail(`only ${count('icann')} ICANN and ${count('private')} PRIVATE rules were found`);

const dynamic = readFileSync(new URL('dynamic-dns.txt', import.meta.url), 'utf8').split('\n').filter(line => line !== '' && !line.startsWith('#'));
for (const name of dynamic) if (name.split('.').map(toALabel).join('.') !== name || !name.includes('.')) fail(`${name} in dynamic-dns.txt is no name in A-labels`);
if (new Set(dynamic).size !== dynamic.length) fail('a name stands twice in dynamic-dns.txt');

const lines = [...[...rules].map(([rule, section]) => `${section} ${rule}`), ...dynamic.map(name => `dynamic ${name}`)].sort();
const header = `blocklist-suffixes/2 source=tldts version=${version} date=${publicationDate()} rules=${lines.length} license=MPL-2.0`;
// Written aside and renamed: a build that is cut off leaves no half file that looks up to date.
writeFileSync(`${output}.new`, [header, ...lines, ''].join('\n'));
renameSync(`${output}.new`, output);
