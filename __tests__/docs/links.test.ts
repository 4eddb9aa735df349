import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectRoot } from "../../lib/model/project";
import { DOCUMENTS } from "../helpers/documents";

const ROOT = projectRoot();

/** A page waits for its images: each is small enough for a slow line. */
const LARGEST_IMAGE = 150_000;

const read = (document: string) => readFileSync(join(ROOT, document), "utf8").replace(/^```.*?^```$/gms, "");

/** Anchors of a document's headings, as GitHub makes them. */
function anchors(document: string): string[] {
  return [...read(document).matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function linksOf(document: string): { readonly file: string; readonly anchor: string | undefined }[] {
  return [...read(document).matchAll(/\]\(([^)\s]+)\)|<img src="([^"]+)"/g)]
    .map(([, link, image]) => link ?? image!)
    .filter((link) => !/^\w+:/.test(link))
    .map((link) => {
      const [path = "", anchor] = link.split("#");
      return { file: path === "" ? document : join(dirname(document), path), anchor };
    });
}

describe.each(DOCUMENTS)("%s", (document) => {
  const links = linksOf(document);

  test("links to files and headings that there are", () => {
    const dead = links.filter(
      ({ file, anchor }) =>
        !existsSync(join(ROOT, file)) || (anchor !== undefined && !anchors(file).includes(anchor)),
    );
    expect(dead).toEqual([]);
  });

  test("has small images", () => {
    const images = links.filter(({ file }) => /\.(png|svg)$/.test(file));
    for (const { file } of images)
      expect([file, statSync(join(ROOT, file)).size < LARGEST_IMAGE]).toEqual([file, true]);
  });
});
