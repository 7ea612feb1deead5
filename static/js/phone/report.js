/* The report page: category by large button or search, photos made small at once, one position on request, everything kept while it is
   being written, one key for life. What is handed in goes the way of every entry (outbox.js). */
(function () {
  "use strict";

  const form = document.getElementById("phone-report"), keeping = window.phoneKeeping, outbox = window.phoneOutbox;
  if (!form || !keeping || !window.portalPhotos) return;
  const MOST = Number(form.dataset.mostPhotos), user = document.body.dataset.user, ID = `${user}|report`;
  const TEXTS = ["description", "result", "address", "name", "phone", "grid", "category", "level", "lng", "lat"];
  const line = document.getElementById("po-draft"), select = form.elements.category, search = document.getElementById("po-search");
  let key = keeping.uuid(), photos = [], typing = null, gone = false, located = "", placed = "grid", replaces = "";

  function one(name) { return form.querySelector(`[name="${name}"]:checked`); }
  function codeOf() { return select.value || (one("common") ? one("common").value : ""); }
  function kindOf() {
    const option = select.value ? select.selectedOptions[0] : one("common");
    return option ? option.dataset.kind : "";
  }
  function wayOf() { return one("way") ? one("way").value : "report"; }

  /* ── What the choices change ── */

  function show() {
    const settle = wayOf() === "settle", hazard = kindOf() === "hazard";
    document.getElementById("po-settle").hidden = !settle;
    form.elements.result.required = settle;
    document.getElementById("po-after-help").hidden = !hazard;
    document.getElementById("po-go-words").textContent = settle ? "提交，已办好" : "上报";
    const said = document.getElementById("po-category-said"), option = select.value ? select.selectedOptions[0] : null;
    said.textContent = option ? `已选：${option.textContent}` : "";
    form.querySelectorAll(".po-choice").forEach((label) => label.classList.toggle("is-on", label.querySelector("input").checked));
  }
  form.addEventListener("change", (event) => {
    if (event.target.name === "grid") placed = "grid";
    if (event.target.name === "common") { select.value = ""; search.value = ""; find(); }
    if (event.target === select && select.value) form.querySelectorAll("[name=common]").forEach((radio) => { radio.checked = false; });
    show();
    soon();
  });

  document.getElementById("po-search-part").hidden = false;
  /* Search in the list itself: by words, or by the first letters of their pinyin. */
  const every = Array.from(select.querySelectorAll("option[data-kind]"), (option) => ({ option, group: option.parentNode, text: (option.textContent + " " + (option.dataset.pinyin || "")).toLowerCase() }));
  const found = document.getElementById("po-found");
  function find() {
    const words = search.value.trim().toLowerCase();
    found.textContent = "";
    if (!words) return;
    const hits = every.filter((row) => row.text.includes(words)).slice(0, 8);
    hits.forEach((row) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn po-hit";
      button.textContent = `${row.option.textContent}（${row.group.label}）`;
      button.addEventListener("click", () => { select.value = row.option.value; found.textContent = ""; search.value = ""; select.dispatchEvent(new Event("change", { bubbles: true })); });
      found.append(button);
    });
    if (!hits.length) found.textContent = "没有找到，换个词，或者在下面的列表里选。";
  }
  search.addEventListener("input", find);

  /* ── Photos ── */

  function draw() {
    ["photos", "photos_after"].forEach((name) => {
      const list = document.getElementById(`po-${name}`);
      list.textContent = "";
      photos.filter((photo) => photo.field === name).forEach((photo, n) => {
        const row = document.createElement("li"), off = document.createElement("button"), look = document.createElement(photo.look ? "img" : "span");
        row.className = "po-photo";
        if (photo.look) { look.src = photo.look; look.alt = `第 ${n + 1} 张照片`; } else look.textContent = `照片 ${n + 1}`;
        off.type = "button";
        off.className = "btn";
        off.textContent = "去掉";
        off.setAttribute("aria-label", `去掉第 ${n + 1} 张照片`);
        off.addEventListener("click", () => { photos.splice(photos.indexOf(photo), 1); draw(); keep(); });
        row.append(look, off);
        list.append(row);
      });
      list.hidden = !list.children.length;
    });
  }
  form.querySelectorAll("input[type=file]").forEach((input) => {
    input.addEventListener("change", async () => {
      const files = Array.from(input.files), room = MOST - photos.length;
      input.value = "";
      tell("正在缩小照片……");
      for (const file of files.slice(0, room)) {
        const made = await window.portalPhotos.shrink(file);
        photos.push({ field: input.dataset.field, name: `照片${photos.length + 1}.jpg`, blob: made.blob, look: made.look, uid: "" });
        draw();
      }
      await keep();
      if (files.length > room) tell(`一件最多 ${MOST} 张照片，多出来的没有选上。`);
    });
  });

  /* ── Where: once, when it is asked for, to about ten metres ── */

  const here = document.getElementById("po-here"), where = document.getElementById("po-where");
  here.hidden = !navigator.geolocation || !window.isSecureContext;
  here.addEventListener("click", () => {
    if (form.elements.lng.value) { point("", "", ""); soon(); return; }
    where.textContent = "正在取位置……";
    navigator.geolocation.getCurrentPosition((at) => {
      point(at.coords.longitude.toFixed(4), at.coords.latitude.toFixed(4), `已取位置，误差约 ${Math.max(10, Math.round(at.coords.accuracy / 10) * 10)} 米。`);
      soon();
      name();
    }, () => { where.textContent = "没有取到位置，请选网格或者写地址。"; }, { enableHighAccuracy: false, timeout: 15000, maximumAge: 60000 });
  });
  function point(lng, lat, words) {
    form.elements.lng.value = lng;
    form.elements.lat.value = lat;
    located = words;
    placed = lng ? "point" : "grid";
    where.textContent = words;
    here.textContent = lng ? "不用这个位置" : "用我现在的位置";
  }
  async function name() {
    const asked = `/api/v1/grids/locate/?lng=${form.elements.lng.value}&lat=${form.elements.lat.value}`;
    try {
      const answer = await fetch(asked, { credentials: "same-origin" });
      if (answer.status === 404) where.textContent = `${located}这里不在本区的网格图里，请选网格或者写地址。`;
      if (!answer.ok) return;
      const told = await answer.json();
      where.textContent = `${located}在${told.name || "网格"}。`;
      const grid = form.elements.grid;
      if (placed === "point" && grid.options) grid.value = Array.from(grid.options).some((option) => option.value === told.code) ? told.code : "";
    } catch (_) { where.textContent = `${located}联网后对应到网格。`; }
  }

  /* ── Kept while it is being written ── */

  function values() {
    const told = { common: one("common") ? one("common").value : "", way: wayOf(), located, placed };
    TEXTS.forEach((field) => { const el = form.elements[field]; told[field] = field === "level" ? (one("level") ? one("level").value : "") : el ? el.value : ""; });
    return told;
  }
  function soon() { clearTimeout(typing); typing = setTimeout(keep, 400); }
  function keep() {
    clearTimeout(typing);
    typing = null;
    if (gone) return Promise.resolve();
    return keeping.put("drafts", { id: ID, user, at: Date.now(), key, values: values(), photos }).then(
      () => tell("已存在手机上，断网也不会丢。", true),
      () => tell("这台手机存不下，请不要关掉本页。")
    );
  }
  form.addEventListener("input", (event) => { if (event.target !== search) soon(); });
  addEventListener("pagehide", () => { if (typing) keep(); });
  function tell(words, clears) {
    line.textContent = words;
    if (!clears) return;
    const off = document.createElement("button");
    off.type = "button";
    off.className = "linkish po-clear";
    off.textContent = "清空重写";
    off.addEventListener("click", async () => {
      if ((await outbox.ask("清空后，写的字和照片都不再有。确定吗？", [["yes", "清空", true], ["", "先不"]])) !== "yes") return;
      gone = true;
      await keeping.drop("drafts", ID);
      location.replace(location.pathname);
    });
    line.append(off);
  }
  function write(told) {
    TEXTS.forEach((field) => { if (told[field] && field !== "level" && form.elements[field]) form.elements[field].value = told[field]; });
    ["common", "way", "level"].forEach((field) => { const radio = told[field] && form.querySelector(`[name="${field}"][value="${told[field]}"]`); if (radio) radio.checked = true; });
    if (told.lng) point(told.lng, told.lat, told.located || "已取位置。");
    placed = told.placed || placed;
    form.querySelectorAll("details").forEach((fold) => { if (Array.from(fold.querySelectorAll("input[type=text], input[type=tel]")).some((el) => el.value)) fold.open = true; });
  }
  async function before() {
    await keeping.purge(Date.now(), user);
    const asked = new URLSearchParams(location.hash.slice(1)).get("again"), refused = asked ? await keeping.get("entries", asked) : null;
    const draft = await keeping.get("drafts", ID);
    if (refused && refused.user === user && refused.state === "refused" && refused.draft) {
      /* Its key may hold another report (409): then this one goes on under a new one. */
      const taken = refused.told.status === 409;
      if (taken) replaces = refused.id; else key = refused.id;
      photos = taken ? refused.photos.map((photo) => Object.assign(photo, { uid: "" })) : refused.photos;
      write(refused.draft);
      tell(`没有收下的原因：${refused.told.words}`);
    } else if (draft) {
      key = draft.key;
      photos = draft.photos;
      write(draft.values);
      tell(`已找回${outbox.clock(draft.at)}没有写完的内容。`, true);
    }
    draw();
    show();
  }

  /* ── Handing in ── */

  function titleOf(words) { const first = words.trim().split(/[。；！？!?;\n]/)[0]; return first.length > 18 ? first.slice(0, 17) + "…" : first; }
  form.phoneEntry = async () => {
    clearTimeout(typing);
    const told = values(), place = {}, settle = told.way === "settle";
    ["grid", "address"].forEach((field) => { if (told[field].trim()) place[field] = told[field].trim(); });
    /* A point says the grid by itself, unless one was chosen by hand after it. */
    if (told.lng && placed === "point") delete place.grid;
    if (told.lng) { place.lng = Number(told.lng); place.lat = Number(told.lat); }
    const body = { category: codeOf(), description: told.description, place, way: told.way };
    if (told.level) body.level = told.level;
    if (settle) body.result = told.result;
    const person = {};
    ["name", "phone"].forEach((field) => { if (told[field].trim()) person[field] = told[field].trim(); });
    if (Object.keys(person).length) body.reporters = [person];
    const taken = photos.filter((photo) => settle || photo.field === "photos");
    gone = true;
    return { id: key, kind: "report", url: form.dataset.outboxUrl, filesUrl: form.dataset.filesUrl, group: "", label: `${settle ? "自办自结" : "上报"} · ${titleOf(told.description)}`, body, photos: taken, draft: told, ownDraft: ID, replaces };
  };
  /* The phone keeps nothing: the plain form takes the photos along. */
  form.phonePlain = () => {
    form.elements.client_id.value = key;
    ["photos", "photos_after"].forEach((name) => {
      const input = form.querySelector(`input[type=file][name="${name}"]`), all = new DataTransfer();
      photos.filter((photo) => photo.field === name).forEach((photo) => all.items.add(new File([photo.blob], photo.name, { type: "image/jpeg" })));
      input.files = all.files;
    });
  };
  form.addEventListener("submit", (event) => {
    const wrong = !codeOf() ? ["po-category", "请先选类别。"]
      : wayOf() === "settle" && kindOf() === "hazard" && !photos.some((photo) => photo.field === "photos_after") ? ["po-settle", "自己整改好的隐患，请拍一张整改后的照片。"] : null;
    if (!wrong) return;
    event.preventDefault();
    outbox.say("mend", wrong[1]);
    document.getElementById(wrong[0]).scrollIntoView({ block: "center" });
  });
  before().catch(() => show());
})();
