// Twelve files as people have them, and what the page says of them: rows, columns, roles, what is in doubt, and which flow
// ranks first. The right answers are those of EXPECTED.md beside the files; tests/field has all of them, natively.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { site } from "./page.mjs";

const ROOT = "../shared/data/field";
const skip = existsSync(ROOT) ? false : `${ROOT} is not on this machine`;

/** `first` is what the cells of the flow of rank 1 hold; `says` is in the report of how the file was read. */
const FILES = [
  { path: "inputs/01-bigint-ids.csv", rows: 24, columns: 8, roles: { flow_id: "identifier", src_ip: "address", proto: "protocol" }, first: /48 MB|48,?000,?000/ },
  { path: "inputs/03-late-type.csv", rows: 60, columns: 6, roles: { duration: "duration", bytes: "measure" } },
  { path: "inputs/10-missing-and-arrays.jsonl", rows: 30, columns: 7, roles: { ts: "time" }, says: /not a number/ },
  { path: "inputs/14c-header-one-too-few.csv", rows: 20, columns: 8, roles: { row: "identifier", ts: "time", bytes: "measure" } },
  { path: "inputs/20-german-excel.csv", rows: 20, columns: 8, roles: { Zeitpunkt: "time", Quelle: "address", Zielport: "port" }, first: /8\.12 GB|8,123,456,789|8\.123\.456\.789/, says: /total|summary/i },
  { path: "inputs/21-tsv-thousands.tsv", rows: 12, columns: 10, roles: { bytes_in: "measure" }, first: /987 GB|988 GB|987,654,321,098/ },
  { path: "inputs/31-day-month-order.csv", rows: 48, columns: 4, roles: { Timestamp: "time" } },
  { path: "inputs/32-label-leak.csv", rows: 40, columns: 10, roles: { Label: "label", attack_cat: "label", is_malicious: "label", risk_score: "label" } },
  { path: "uci-firewall/log2.csv", rows: 65_524, columns: 12, roles: { "Source Port": "port", "NAT Destination Port": "port", "Elapsed Time (sec)": "duration" } },
  { path: "zeek-tabsep/conn_date_issue.log", rows: 3, columns: 21, roles: { ts: "time", "id.orig_h": "address", "id.resp_p": "port" } },
  { path: "winfw/pfirewall.log", rows: 14, columns: 17, roles: { date: "time", "src-ip": "address", "dst-port": "port" } },
  { path: "inputs/04-nfdump-aggregate.txt", refused: /nfdump -o csv/ },
];

for (const { path, rows, columns, roles, first, says, refused } of FILES) {
  site(`as people have it: ${path}`, async (page) => {
    await page.choose(`${ROOT}/${path}`);
    if (refused) {
      await page.waitState("error");
      assert.match(await page.get("error").textContent(), refused);
      return;
    }
    await page.waitState("ready");
    assert.deepEqual([await page.value("row-count"), await page.value("column-count")], [rows, columns]);
    await page.unfold("columns");
    const found = await page.get("column-table").evaluate((table, names) => {
      const role = (name) => table.querySelector(`select[data-column="${CSS.escape(name)}"]`)?.value;
      return Object.fromEntries(names.map((name) => [name, role(name)]));
    }, Object.keys(roles));
    assert.deepEqual(found, roles);
    if (says) assert.match(await page.get("warnings").textContent(), says);
    if (first) {
      await page.run("recommended");
      await page.tab("findings");
      // Where nothing stands out, the highest are listed all the same.
      const row = page.get("anomaly-table").locator('tbody tr[data-rank="1"]');
      await row.click();
      assert.match(await page.get("explanation").textContent() + (await row.textContent()), first);
    }
  }, { skip });
}
