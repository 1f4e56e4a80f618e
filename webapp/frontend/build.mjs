// Builds the studio: every file directly in src/ is an entry and becomes static/studio/<name>.js (and .css).
import { build } from "esbuild";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "studio");
const entries = (await readdir(join(here, "src"))).filter((name) => /\.jsx?$/.test(name));

// A template that carries style="" would be blocked by the desk's policy. Pictures say it by attributes of their own;
// what the simulation works out travels under another name, and diagram/simulation.js gives it to the element.
const styleless = {
  name: "styleless",
  setup(builder) {
    builder.onLoad({ filter: /node_modules[\\/](bpmn-js|diagram-js).*\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8"))
        .replaceAll(/ style="((?:(?:fill|stroke|opacity)[a-z-]*: ?[^;"$]+;?)+)"/g, (all, told) => told.replaceAll(/([a-z-]+): ?([^;]+);?/g, ' $1="$2"'))
        .replaceAll(/(?<=[ `])style="/g, 'data-style="'),
      loader: "js",
    }));
  },
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: entries.map((name) => join("src", name)),
  outdir: out,
  entryNames: "[name]",
  chunkNames: "parts/[name]-[hash]",
  assetNames: "parts/[name]-[hash]",
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".woff": "file", ".woff2": "file", ".ttf": "file", ".eot": "file", ".svg": "file" },
  legalComments: "none",
  metafile: true,
  plugins: [styleless],
  logLevel: "warning",
});
await writeFile(join(out, "THIRD-PARTY.txt"), await notices(Object.keys(metafile.inputs)));

/** The licences of everything that is in the bundles, as their authors want them handed on. */
async function notices(inputs) {
  const names = new Set();
  for (const path of inputs) {
    const found = path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//);
    if (found) names.add(found[1]);
  }
  const told = ["The studio of the Chief Planner Desk contains the following packages.\n"];
  for (const name of [...names].sort()) {
    const folder = join(here, "node_modules", name);
    const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const files = (await readdir(folder)).filter((file) => /^licen[cs]e/i.test(file));
    const text = files.length ? await readFile(join(folder, files[0]), "utf8") : "";
    told.push(`${"=".repeat(78)}\n${name} ${about.version} (${about.license ?? "no licence named"})\n\n${text.trim()}\n`);
  }
  return told.join("\n");
}
