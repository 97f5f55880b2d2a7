// A detector that is kept: in a file, in the browser, and used on another file, offline, with the same scores.
import assert from "node:assert/strict";
import { results } from "./csv.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

const csv = (records) => records.map((record) => record.join(",")).join("\n") + "\n";
const scores = (text) => results(text).rows.map(({ score, anomaly }) => `${score} ${anomaly}`);

site("models: kept, found again, and used on a file with other names and in another order; a changed one is refused", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  await page.get("threshold-input").fill("0.58");
  await page.get("threshold-input").press("Enter");
  await until(async () => (await page.threshold()) === 0.58, () => "the threshold is moved");
  await page.still();
  const text = await page.downloadText("download-all");
  const fitted = scores(text);
  const { header, rows } = results(text);

  await page.get("tab-models").click();
  const model = await page.download("download-model");
  assert.equal(model.subarray(0, 2).toString("hex"), "0809", "an ONNX file of version 9");
  const chosen = (buffer) => ({ name: "office.flowsift.onnx", mimeType: "application/octet-stream", buffer });

  // The same flows under names in capitals, the columns the other way round.
  const named = header.map((name) => name.toUpperCase().replaceAll(".", " "));
  const turned = [named, ...rows.map(({ cells }) => cells)].map((cells) => cells.toReversed());
  await page.load({ name: "tomorrow.csv", text: csv(turned) });
  await page.get("train-on-model").click();
  assert.equal(await page.get("run-button").getAttribute("aria-disabled"), "true");
  await page.get("model-input").setInputFiles(chosen(model));
  await page.run();
  assert.match(await page.get("run-note").innerText(), /as kept in “flowsift-sample”/);
  assert.match(await page.get("threshold-words").innerText(), /kept with the model/);
  assert.equal(await page.get("check-stability").count(), 0, "nothing was fitted here that other seeds could be tried on");
  assert.deepEqual(scores(await page.downloadText("download-all")), fitted);
  assert.equal(await page.get("drift-note").count(), 0, "these are the same flows");
  await page.tab("models");
  assert.equal(await page.get("drift-verdict").getAttribute("data-value"), "same");

  // Where everything takes a thousand times as long and is a thousand times as much, it is no longer the same network.
  const larger = (cell, column) => (/\d\.\d/.test(cell) && !/[:/]|\d\.\d+\.\d/.test(cell) && column > 6 ? String(Number(cell) * 1000) : cell);
  await page.load({ name: "larger.csv", text: csv([named, ...rows.map(({ cells }) => cells.map(larger))]) });
  await page.run();
  assert.match(await page.get("drift-note").innerText(), /flows/);
  const gap = await page.get("drift-note").evaluate((note) => note.parentElement.querySelector(".beside").getBoundingClientRect().top - note.getBoundingClientRect().bottom);
  assert.ok(gap < 40, `what stands out follows the note: ${gap} px below`);
  await page.tab("models");
  assert.notEqual(await page.get("drift-verdict").getAttribute("data-value"), "same");
  const psi = await page.get("drift-table").locator("tbody td[data-value]").evaluateAll((all) => all.map((cell) => Number(cell.dataset.value)));
  assert.ok(psi.length > 10 && psi[0] > 0.25 && psi.every((value, i) => i === 0 || value <= psi[i - 1]), `the farthest first: ${psi}`);

  // Without a column that it compares.
  const shorter = [header, ...rows.map(({ cells }) => cells)].map((cells) => cells.filter((_, column) => header[column] !== "Flow.Duration"));
  await page.load({ name: "shorter.csv", text: csv(shorter) });
  await page.run();
  assert.match(await page.get("lacking-note").innerText(), /“Flow\.Duration”.*less certain/);

  // Without most of them.
  const shortest = shorter.map((cells) => cells.filter((_, column) => column < 12));
  await page.load({ name: "shortest.csv", text: csv(shortest) });
  await page.get("run-button").click();
  await page.waitState("error");
  assert.match(await page.get("error").innerText(), /it compares “.*”.*, and the file has no such column/);

  // Of a changed file, nothing is used.
  const changed = Buffer.from(model);
  changed[changed.length / 3 | 0] ^= 1;
  await page.get("model-input").setInputFiles(chosen(changed));
  await page.get("run-button").click();
  await until(async () => /The model cannot be used/.test(await page.get("error").innerText()), () => "it is refused");
});

site("models: the next visit finds what was kept", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  const fitted = scores(await page.downloadText("download-all"));
  await page.get("tab-models").click();
  await page.get("model-name").fill("office/../ day");
  await page.get("keep-model").click();
  const table = page.get("model-table");
  await until(async () => (await table.count()) === 1, () => "it is kept");
  assert.match(await table.innerText(), /office.. day/);
  await page.page.reload();
  await page.loadSample();
  await page.get("tab-models").click();
  await page.get("use-model").click();
  await page.run();
  assert.deepEqual(scores(await page.downloadText("download-all")), fitted);
  await page.get("tab-models").click();
  await page.get("remove-model").click();
  await until(async () => (await table.count()) === 0, () => "it is removed");
});

site("models: notes and names stay, all can be taken away and are taken back", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  await page.get("tab-models").click();
  await page.get("model-name").fill("office");
  await page.get("keep-model").click();
  const [table, note] = [page.get("model-table"), page.get("model-note")];
  await until(async () => (await note.count()) === 1, () => "it is kept");
  await note.fill("x".repeat(5000));
  await note.blur();
  await until(async () => (await note.inputValue()).length === 4096, () => "what is longer is cut");
  assert.match(await page.get("error").innerText(), /4,096/);
  const evil = "<img src=x onerror=alert(1)>\n=1+1";
  await note.fill(evil);
  await note.blur();
  await until(async () => !(await page.get("error").isVisible()), () => "it is kept as it is");
  await table.getByText("Rename").click();
  await page.get("rename-model").fill("branch");
  await page.get("rename-model").blur();
  await until(async () => /branch/.test(await table.innerText()) && !/office/.test(await table.innerText()), () => "it has another name");
  assert.equal(await note.inputValue(), evil, "and the same note");

  const files = [];
  page.page.on("download", async (download) => {
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    files.push({ name: download.suggestedFilename(), mimeType: "application/octet-stream", buffer: Buffer.concat(chunks) });
  });
  await page.get("export-models").click();
  await until(async () => files.length === 2, () => `${files.map(({ name }) => name)}`);
  assert.deepEqual(files.map(({ name }) => name).sort(), ["branch.flowsift.onnx", "branch.flowsift.txt"]);
  await page.get("models-input").setInputFiles(files);
  await until(async () => /kept already/.test(await page.get("error").innerText()), () => "nothing takes another's place");
  await page.get("remove-model").click();
  await until(async () => (await table.count()) === 0, () => "it is removed");
  const nonsense = { name: "odd.onnx", mimeType: "application/octet-stream", buffer: Buffer.from("nonsense") };
  await page.get("models-input").setInputFiles([...files, nonsense]);
  await until(async () => (await note.count()) === 1, () => "it is back");
  assert.equal(await note.inputValue(), evil);
  assert.match(await page.get("error").innerText(), /odd\.onnx.*cannot be used/);
});

site("models: whatever a file is changed to, it is refused with a reason, and the page goes on", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  await page.get("tab-models").click();
  const model = await page.download("download-model");
  // The same changes every time.
  let state = 7;
  const random = (below) => (state = (state * 48271) % 2147483647) % below;
  const changed = (name, change) => {
    const buffer = change(Buffer.from(model));
    return { name: `${name}.onnx`, mimeType: "application/octet-stream", buffer };
  };
  const files = [changed("cut", (bytes) => bytes.subarray(0, bytes.length / 2)), changed("longer", (bytes) => Buffer.concat([bytes, Buffer.from([1, 2, 3])]))];
  files.push({ name: "empty.onnx", mimeType: "application/octet-stream", buffer: Buffer.alloc(0) });
  files.push(changed("lengths", (bytes) => bytes.fill(0xff, 40, 60)));
  for (let number = 0; number < 36; number += 1) {
    files.push(changed(`byte-${number}`, (bytes) => {
      for (let one = 0; one <= number % 4; one += 1) bytes[random(bytes.length)] ^= 1 + random(255);
      return bytes;
    }));
  }
  await page.get("models-input").setInputFiles(files);
  await page.still();
  const said = await page.get("error").innerText();
  assert.match(said, /cannot be used/);
  assert.equal(await page.get("model-table").locator("tbody tr").count(), 0, "none is taken in");
  // What is whole is.
  await page.get("models-input").setInputFiles([{ name: "whole.onnx", mimeType: "application/octet-stream", buffer: model }]);
  await until(async () => (await page.get("model-table").locator("tbody tr").count()) === 1, () => "the whole one is taken in");
});

site("models: a ready-made one is fetched when it is asked for, kept, and used on the sample", async (page) => {
  const fetched = [];
  page.page.on("request", (request) => /\/models\//.test(request.url()) && fetched.push(request.url().split("/").at(-1)));
  await page.loadSample();
  await page.tab("models");
  const use = page.get("ready-made").getByTestId("ready-use");
  await until(async () => (await use.count()) === 6, () => "one of each kind, for each kind of file");
  assert.deepEqual(fetched, [], "nobody asked yet");
  assert.doesNotMatch(await (await fetch(new URL("sw.js", page.server.url))).text(), /models\//, "nor does the service worker");
  // It is slow to come: the button says so, and nothing is fetched twice.
  let arrives;
  const held = new Promise((resolve) => (arrives = resolve));
  await page.page.route(/\/models\//, async (route) => {
    await held;
    await route.continue();
  });
  await use.first().click();
  await until(async () => (await use.first().innerText()) === "Fetching…", () => "it says what it does");
  assert.ok((await use.first().isDisabled()) && (await use.last().isDisabled()));
  arrives();
  const table = page.get("model-table");
  await until(async () => (await table.count()) === 1, () => "it is kept");
  assert.equal(await use.first().innerText(), "Use");
  assert.match(await table.innerText(), /ready-made-nearest/);
  await page.run();
  assert.match(await page.get("run-note").innerText(), /as kept in “ready-made-nearest”/);
  await page.tab("models");
  assert.equal(await page.get("drift-verdict").count(), 1, "how far these flows are from the synthetic ones");
  assert.deepEqual(fetched, ["ready-made-nearest.flowsift.onnx"]);

  // No other model is called like one that comes with the page.
  await page.get("rename-model").evaluate((input) => (input.closest("details").open = true));
  await page.get("rename-model").fill("ready-made-forest");
  await page.get("rename-model").blur();
  const refused = () => until(async () => /name of a ready-made model/.test(await page.get("error").innerText()), () => "it says why");
  await refused();
  const taken = { name: "ready-made-nearest.flowsift.onnx", mimeType: "application/octet-stream", buffer: await page.download("download-kept-model") };
  await page.get("models-input").setInputFiles([{ ...taken, name: "ready-made-forest.flowsift.onnx" }]);
  await refused();
  await page.get("remove-model").click();
  await until(async () => (await table.count()) === 0, () => "it is removed");
  await page.get("models-input").setInputFiles([taken]);
  await until(async () => (await table.count()) === 1, () => "it comes back");

  // What was used once needs no network; another one does.
  await page.server.close();
  await use.first().click();
  await page.run();
  await page.tab("models");
  await use.last().click();
  await until(async () => /cannot be fetched/.test(await page.get("error").innerText()), () => "it says why");
  assert.equal(await table.locator("tbody tr").count(), 1);
  assert.equal(await use.last().innerText(), "Use");
  assert.ok(await use.last().isEnabled(), "it can be tried again");
}, { expected: [/ERR_CONNECTION_REFUSED/] });

site("models: a ready-made one for flow records scores a Zeek log; another choice made meanwhile stands", async (page) => {
  const fields = ["ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "service", "duration", "orig_bytes", "resp_bytes",
    "conn_state", "orig_pkts", "orig_ip_bytes", "resp_pkts", "resp_ip_bytes"];
  const flow = (at) => [`${1_700_000_000 + at}.25`, `C${at}`, `10.0.0.${at % 40}`, 40_000 + at, `192.0.2.${at % 7}`, at % 3 ? 443 : 53, "tcp", "-",
    `${(at % 50) / 10 + 0.01}`, 300 + (at % 90), 4_000 + (at % 700), "SF", 8 + (at % 3), 720 + (at % 90), 9 + (at % 4), 4_500 + (at % 700)];
  const odd = ["1700009999.5", "Codd", "10.0.0.9", 50_000, "198.51.100.7", 6667, "tcp", "-", "86000", 9e9, 12, "SF", 7_000_000, 9.4e9, 90, 4_000];
  const rows = [...Array.from({ length: 600 }, (_, at) => flow(at)), odd];
  const text = [`#separator \\x09\n#path\tconn\n#fields\t${fields.join("\t")}`, ...rows.map((row) => row.join("\t"))].join("\n") + "\n";
  await page.load({ name: "conn.log", text });
  await page.tab("models");
  const use = page.get("ready-card").nth(1).getByTestId("ready-use");
  let arrives;
  const held = new Promise((resolve) => (arrives = resolve));
  await page.page.route(/\/models\//, async (route) => {
    await held;
    await route.continue();
  });
  await use.nth(1).click();
  await page.get("train-on-first").click();
  arrives();
  await until(async () => (await page.get("model-table").count()) === 1, () => "it is kept");
  assert.equal(await page.get("train-on-first").getAttribute("aria-pressed"), "true", "what was chosen meanwhile");
  await use.nth(1).click();
  await until(async () => (await page.get("train-on-model").getAttribute("aria-pressed")) === "true", () => "now it is used");
  await page.run();
  assert.match(await page.get("run-note").innerText(), /as kept in “ready-made-records-forest”/);
  assert.equal(await page.get("lacking-note").count(), 0, "the log has all that it compares");
  const { rows: scored } = results(await page.downloadText("download-all"), "\t");
  const highest = scored.reduce((best, row) => (Number(row.score) > Number(best.score) ? row : best));
  assert.ok(highest.cells.includes("Codd"), `${highest.cells}`);
});
