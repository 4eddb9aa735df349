import { createServer } from "node:http";

/**
 * Something to test: a shop of three pages that answers at once, on loopback only.
 *
 * A process of its own, so that it takes no time from what supervises the cluster. Usage: target-server.js PORT
 */
const JSON_HEADERS = { "content-type": "application/json" };
const PRODUCTS = JSON.stringify(
  Array.from({ length: 20 }, (_, index) => ({
    id: index + 1,
    name: `product ${index + 1}`,
    price: 5 + index,
  })),
);
const HOME =
  "<!doctype html><title>sample target</title><h1>sample target</h1><p>Answers the sample locustfile.</p>";

const server = createServer((request, response) => {
  request.resume(); // a body that is not read would hold the connection
  const { method = "GET", url = "/" } = request;
  const path = url.split("?", 1)[0]!;
  if (path === "/") return response.writeHead(200, { "content-type": "text/html" }).end(HOME);
  if (path === "/search") return response.writeHead(200, JSON_HEADERS).end(PRODUCTS);
  const product = /^\/products\/(\d+)$/.exec(path)?.[1];
  if (product)
    return response
      .writeHead(200, JSON_HEADERS)
      .end(`{"id":${product},"name":"product ${product}","price":5}`);
  if (method === "POST") return response.writeHead(201, JSON_HEADERS).end('{"status":"accepted"}');
  return response.writeHead(404, JSON_HEADERS).end('{"error":"not found"}');
});

// Locust's users keep their connections while they wait; closing them early would show as failures.
server.keepAliveTimeout = 120_000;
server.listen(Number(process.argv[2]), "127.0.0.1");
