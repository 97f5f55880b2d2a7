// A static file server for dist/. `PORT=8080 BASE=/some/path/ node scripts/serve.mjs [folder]`; tests import `serve`.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const types = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".txt": "text/plain; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
};

/** The content security policy that the folder's page asks for, as headers for all its files: they cannot differ. */
async function policyHeaders(folder) {
  const page = await readFile(join(folder, "index.html"), "utf8").catch(() => "");
  const policy = /<meta\s+http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page)?.[1];
  return policy === undefined ? {} : { "content-security-policy": policy };
}

/**
 * Serves `folder` under `base` on localhost; port 0 takes a free one. `headers` go with every file: the page's own policy,
 * unless others are given (none, as hosts do that know no headers). Resolves to `{ url, close }`.
 */
export async function serve(folder = "dist", { port = 0, base = "/", headers } = {}) {
  base = `/${base}/`.replace(/\/+/g, "/");
  headers ??= await policyHeaders(folder);
  const server = createServer(async (request, response) => {
    try {
      const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
      if (!path.startsWith(base)) throw new Error("outside the site");
      const file = join(folder, path.slice(base.length) + (path.endsWith("/") ? "index.html" : ""));
      const body = await readFile(file);
      const type = types[extname(file)] ?? "application/octet-stream";
      response.writeHead(200, { ...headers, "content-type": type, "cache-control": "no-cache" });
      response.end(body);
    } catch {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
    }
  });
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, "127.0.0.1", () =>
      resolve({
        url: `http://localhost:${server.address().port}${base}`,
        close: () => new Promise((done) => (server.close(done), server.closeAllConnections())),
      }),
    );
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = Number(process.env.PORT ?? 8080);
  try {
    const { url } = await serve(process.argv[2] ?? "dist", { port, base: process.env.BASE ?? "/" });
    console.log(`Flowsift is at ${url} (Ctrl-C stops it)`);
  } catch (error) {
    console.error(error.code === "EADDRINUSE" ? `port ${port} is taken; choose another: make serve PORT=8081` : error.message);
    process.exit(1);
  }
}
