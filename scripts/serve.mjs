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

/** Serves `folder` under `base` on localhost; port 0 takes a free one. Resolves to `{ url, close }`. */
export function serve(folder = "dist", { port = 0, base = "/" } = {}) {
  base = `/${base}/`.replace(/\/+/g, "/");
  const server = createServer(async (request, response) => {
    try {
      const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
      if (!path.startsWith(base)) throw new Error("outside the site");
      const file = join(folder, path.slice(base.length) + (path.endsWith("/") ? "index.html" : ""));
      const body = await readFile(file);
      response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream", "cache-control": "no-cache" });
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
