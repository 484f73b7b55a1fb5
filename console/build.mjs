// One call of esbuild: ide.jsx → app/console/static/ide.js and ide.css, with the licences of what is inside.
import { build } from "esbuild";
import { readFile, readdir, writeFile } from "node:fs/promises";

const OUT = "../app/console/static";
const { metafile } = await build({
  entryPoints: ["ide.jsx"],
  outdir: OUT,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".woff2": "dataurl", ".woff": "dataurl", ".ttf": "dataurl" },
  legalComments: "linked",
  metafile: true,
  logLevel: "info",
});

/** In: the files of the bundle. Out: the folders of the packages they come from, in order. */
function packages(inputs) {
  const found = Object.keys(inputs).map((path) => path.match(/.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0]);
  return [...new Set(found.filter(Boolean))].sort();
}

async function licence(folder) {
  const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? (await readFile(`${folder}/${file}`, "utf8")).trim() : "(no licence file in the package)";
  return `${name} ${version} — ${license}\n\n${text}\n`;
}

const texts = await Promise.all(packages(metafile.inputs).map(licence));
await writeFile(`${OUT}/ide.licences.txt`, texts.join(`\n${"-".repeat(80)}\n\n`));
