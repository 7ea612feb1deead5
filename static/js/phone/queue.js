/* The page of what waits: each entry with its state in words and what can be done about it. */
(function () {
  "use strict";

  const keeping = window.phoneKeeping, sending = window.phoneSending, outbox = window.phoneOutbox;
  const list = document.getElementById("po-queue");
  if (!list) return;
  if (!keeping || !sending || !outbox) { document.getElementById("po-none").hidden = false; return; }
  const blank = document.getElementById("po-blank"), top = document.getElementById("po-top"), others = document.getElementById("po-others");
  let drawn = "";

  function element(kind, name, text) { const made = document.createElement(kind); if (name) made.className = name; if (text) made.textContent = text; return made; }
  function way(label, then, first) {
    const button = element("button", first ? "btn btn-primary" : "btn", label);
    button.type = "button";
    button.addEventListener("click", then);
    return button;
  }
  function link(label, url) { const made = element("a", "btn", label); made.href = url; return made; }

  function stateOf(row, rows) {
    if (row.state === "received") {
      if (row.result.missing) return ["mend", `已收到，但有 ${row.result.missing} 张照片没有收到，请在事项里补传。`];
      return ["done", row.kind === "report" ? `已收到，受理编号 ${row.result.number}` : "已收到"];
    }
    if (row.state === "refused") return ["mend", `没有收下：${row.told.words}`];
    if (row.step) return ["going", row.step];
    const before = row.group && rows.find((other) => other.group === row.group && other.at < row.at && other.state === "refused");
    if (before) return ["soon", "同一件前面的一步没有收下，等您先处理。"];
    if (sending.standing.door === "login") return ["soon", "请重新登录，内容都在。"];
    if (sending.standing.network === "away" || !navigator.onLine) return ["soon", "等网络"];
    return ["soon", row.tries ? "没有传成，等一会儿自动再传" : "等着传"];
  }
  function textOf(row) {
    const body = row.body || {};
    return [row.label, ...["description", "result", "reply", "reason", "basis", "text", "public_text", "note"].map((name) => body[name]).filter((said) => typeof said === "string" && said)].join("\n");
  }
  async function copy(row, button) {
    try { await navigator.clipboard.writeText(textOf(row)); button.textContent = "已复制"; } catch (_) {
      const area = element("textarea", "form-control");
      area.value = textOf(row);
      area.setAttribute("aria-label", "文字，请长按复制");
      button.replaceWith(area);
      area.select();
    }
  }
  async function remove(row) {
    const photos = row.photos.length ? `和 ${row.photos.length} 张照片` : "";
    if ((await outbox.ask(`删除后，“${row.label}”的文字${photos}不再有，也不会再传。确定吗？`, [["yes", "删除", true], ["", "先不"]])) !== "yes") return;
    await keeping.drop("entries", row.id);
    sending.changed();
  }
  function lineOf(row, rows) {
    const line = element("li", "po-entry"), head = element("div", "po-entry__head"), ways = element("div", "po-ways"), [tone, words] = stateOf(row, rows);
    line.dataset.id = row.id;
    head.append(element("b", "", row.label), element("span", "po-when", outbox.clock(row.at)));
    line.append(head, element("p", `po-state po-state--${tone}`, words));
    if (row.state === "waiting" && row.photos.length && !row.step) line.append(element("p", "po-when", `照片 ${row.photos.filter((photo) => photo.uid).length}/${row.photos.length} 张已传`));
    if (row.state === "received") {
      if (row.result.number) ways.append(link("打开事项", `/m/cases/${row.result.number}/`));
      ways.append(way("收起", async () => { await keeping.drop("entries", row.id); sending.changed(); }));
    } else if (row.state === "refused") {
      if (row.group) ways.append(link("看最新", `/m/cases/${row.group}/`));
      ways.append(link("改了再交", `${row.from}#again=${row.id}`));
      const words = way("复制文字", () => copy(row, words));
      ways.append(words);
      /* Who may not today may tomorrow (a duty entered late); what was said against the words or the moment stays true. */
      if ([403, 404].includes(row.told.status)) ways.append(way("再交一次", async () => { await keeping.change(row.id, { state: "waiting", next: 0, tries: 0, told: null }); sending.changed(); sending.kick(); }));
      ways.append(way("删除", () => remove(row)));
    } else if (!row.step) {
      const words = way("复制文字", () => copy(row, words));
      ways.append(words, way("删除", () => remove(row)));
    }
    if (ways.children.length) line.append(ways);
    return line;
  }
  async function draw() {
    const every = await keeping.all("entries"), rows = every.filter((row) => row.user === sending.user).sort((a, b) => a.at - b.at);
    const hidden = every.filter((row) => row.user !== sending.user), standing = sending.standing;
    const now = JSON.stringify([rows.map((row) => [row.id, row.state, row.step, row.tries, row.told, row.result, row.photos.map((photo) => photo.uid)]), hidden.length, standing, navigator.onLine]);
    if (now === drawn) return;
    drawn = now;
    const held = document.activeElement && document.activeElement.closest(".po-entry"), heldId = held && held.dataset.id;
    list.replaceChildren(...rows.map((row) => lineOf(row, rows)));
    if (heldId) { const back = Array.from(list.children).find((line) => line.dataset.id === heldId); const first = back && back.querySelector("button, a"); if (first) first.focus({ preventScroll: true }); }
    blank.hidden = rows.length > 0;
    const waiting = rows.some((row) => row.state === "waiting");
    top.hidden = !waiting;
    document.getElementById("po-login").hidden = standing.door !== "login";
    document.getElementById("po-again").hidden = standing.door === "login";
    document.getElementById("po-said").textContent = standing.door === "login" ? "登录已过期。请重新登录，内容都在，登录后自动接着传。"
      : standing.door || (standing.other ? "现在登录的是另一位同志，不会以他的名义上传；请换回本人登录。"
        : standing.network === "away" || !navigator.onLine ? "现在没有网络。有网络时打开任一页就自动接着传。" : "正在自动上传。");
    others.hidden = !hidden.length;
    others.querySelector("span").textContent = hidden.length ? `这台手机上还有另一位同志没有传的 ${hidden.length} 件，等他登录后接着传，${keeping.DAYS} 天后自动清除。` : "";
  }
  document.getElementById("po-again").addEventListener("click", () => sending.now());
  others.querySelector("button").addEventListener("click", async () => {
    if ((await outbox.ask("删除后，另一位同志没有传的内容不再有。确定吗？", [["yes", "删除", true], ["", "先不"]])) !== "yes") return;
    for (const row of await keeping.all("entries")) if (row.user !== sending.user) await keeping.drop("entries", row.id);
    sending.changed();
  });
  sending.listen(() => { draw(); });
  addEventListener("online", draw);
  addEventListener("offline", draw);
  draw();
})();
