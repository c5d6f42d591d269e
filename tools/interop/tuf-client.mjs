// Downloads one target of a repository with tuf-js, a TUF client that nobody here wrote, over mutual TLS.
//   node tuf-client.mjs BASE_URL CA CERTIFICATE KEY ROOT_JSON TARGET WORK_DIRECTORY
// Prints "OK FILE" or "REFUSED KIND MESSAGE" (exit code 1). The work directory keeps trust between runs.
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Updater, BaseFetcher } = require('tuf-js');
const { DownloadHTTPError } = require('tuf-js/dist/error');
const [base, ca, certificate, key, root, target, work] = process.argv.slice(2);
const tls = { ca: fs.readFileSync(ca), cert: fs.readFileSync(certificate), key: fs.readFileSync(key) };

class MutualTlsFetcher extends BaseFetcher {
  fetch(url) {
    return new Promise((resolve, reject) => {
      https.get(url, tls, response => {
        if (response.statusCode === 200) return resolve(Readable.toWeb(response));
        response.resume();
        // A missing next root must surface as this error: it is how a client learns that it has the newest.
        reject(new DownloadHTTPError('not served', response.statusCode));
      }).on('error', reject);
    });
  }
}

try {
  const [metadataDir, targetDir] = ['metadata', 'targets'].map(name => path.join(work, name));
  for (const directory of [metadataDir, targetDir]) fs.mkdirSync(directory, { recursive: true });
  const trusted = path.join(metadataDir, 'root.json');
  if (!fs.existsSync(trusted)) fs.copyFileSync(root, trusted);
  const updater = new Updater({
    metadataDir, targetDir, metadataBaseUrl: `${base}/tuf`, targetBaseUrl: `${base}/targets`,
    fetcher: new MutualTlsFetcher(), config: { fetchRetry: 0 },
  });
  await updater.refresh();
  const info = await updater.getTargetInfo(target);
  if (!info) throw new Error(`no target ${target}`);
  console.log('OK', await updater.downloadTarget(info));
} catch (problem) {
  console.log('REFUSED', problem.constructor.name, problem.message);
  process.exitCode = 1;
}
