/* A typed search over a list of units, persons or matters: <select data-picker> with its options, or
   <select data-picker data-choices-url="…"> whose rows come as JSON ({code|username|number, name}). Pattern: ARIA combobox with a
   list. The select stays the form's field, so without this script, and for the server, nothing changes. */
(function () {
  "use strict";

  var MOST = 50;
  var serial = 0;

  function make(tag, className, text) {
    var element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  function Picker(select) {
    this.select = select;
    this.many = select.multiple;
    this.url = select.dataset.choicesUrl || "";
    this.shown = [];
    this.at = -1;
    this.build();
    if (!this.many) this.input.value = this.chosen().map(function (option) { return option.text; }).join("");
    this.drawChosen();
  }

  Picker.prototype.build = function () {
    var id = "picker-" + ++serial, select = this.select, self = this;
    this.box = make("div", "picker");
    this.tags = make("ul", "picker__chosen");
    this.input = make("input", "form-control");
    this.list = make("ul", "picker__list");
    this.count = make("span", "hide");
    this.list.id = id;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.input.id = select.id + "-typed";
    this.input.type = "text";
    this.input.autocomplete = "off";
    this.input.placeholder = select.dataset.placeholder || "输入名称查找";
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-expanded", "false");
    this.input.setAttribute("aria-controls", id);
    this.count.setAttribute("role", "status");
    ["aria-describedby", "aria-invalid"].forEach(function (name) { if (select.hasAttribute(name)) self.input.setAttribute(name, select.getAttribute(name)); });
    if (select.required) { this.input.setAttribute("aria-required", "true"); select.required = false; }
    var label = select.id && document.querySelector('label[for="' + select.id + '"]');
    if (label) { label.htmlFor = this.input.id; this.list.setAttribute("aria-label", label.textContent.trim()); }
    select.parentNode.insertBefore(this.box, select);
    if (this.many) this.box.appendChild(this.tags);
    [this.input, this.list, this.count, select].forEach(function (element) { self.box.appendChild(element); });
    select.hidden = true;
    this.input.addEventListener("input", function () { self.search(); });
    this.input.addEventListener("focus", function () {
      if (self.many) return;
      self.input.select();
      if (!self.input.value && self.suggested().length) self.search();
    });
    this.input.addEventListener("click", function () { self.search(); });
    this.input.addEventListener("keydown", function (event) { self.key(event); });
    this.input.addEventListener("blur", function () { setTimeout(function () { self.close(); self.restore(); }, 150); });
    this.list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    this.list.addEventListener("click", function (event) {
      var row = event.target.closest("[role=option]");
      if (row) self.choose(Number(row.dataset.place));
    });
    this.tags.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) return;
      self.option(button.value).selected = false;
      self.changed();
      self.input.focus();
    });
    select.addEventListener("change", function () { if (!self.own) { self.drawChosen(); self.restore(); } });
  };

  Picker.prototype.options = function () { return Array.prototype.filter.call(this.select.options, function (option) { return option.value; }); };
  Picker.prototype.chosen = function () { return this.options().filter(function (option) { return option.selected; }); };
  Picker.prototype.option = function (value) { return this.options().filter(function (option) { return option.value === value; })[0]; };

  Picker.prototype.search = function () {
    var self = this, typed = this.input.value.trim().toLowerCase(), settled = this.chosen().some(function (option) { return option.text.toLowerCase() === typed; });
    if (!this.many && settled) typed = "";
    if (!this.url) {
      var rows = this.options().map(function (option) { return { value: option.value, name: option.text, also: "", rank: rankOf(option, typed) }; })
        .filter(function (row) { return row.rank >= 0; });
      if (typed) rows.sort(function (one, other) { return one.rank - other.rank; });
      var offered = typed ? [] : this.suggested();
      this.show(offered.concat(rows));
      if (offered.length) this.stand(0);
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(function () {
      var asked = typed, address = self.url + (self.url.indexOf("?") < 0 ? "?" : "&") + "q=" + encodeURIComponent(typed);
      fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then(function (answer) { if (!answer.ok) throw new Error(answer.status); return answer.json(); })
        .then(function (rows) {
          if (asked !== self.input.value.trim().toLowerCase() && !settled) return;
          self.show((rows.results || rows).map(function (row) { return { value: row.code || row.username || row.number, name: row.name || row.title, also: row.code && row.name ? "" : row.number || "" }; }));
        })
        .catch(function () { self.show([], "查不到名单，请检查网络后再试"); });
    }, 200);
  };

  /* What a page proposes for an empty field: data-suggested='[{"value", "name", "also"}]'; Enter takes the first. */
  Picker.prototype.suggested = function () { try { return JSON.parse(this.select.dataset.suggested || "[]"); } catch (_) { return []; } };

  /* Letters are pinyin initials and count from their beginning; the closest comes first. */
  function rankOf(option, typed) {
    if (!typed) return 0;
    var name = option.text.toLowerCase(), also = (option.dataset.also || "").toLowerCase();
    if (also === typed || name === typed) return 0;
    if (name.indexOf(typed) === 0 || name.indexOf("· " + typed) >= 0) return 1;
    if (also.indexOf(typed) === 0) return 2;
    return name.indexOf(typed) >= 0 ? 3 : -1;
  }

  Picker.prototype.show = function (rows, words) {
    var self = this, values = this.chosen().map(function (option) { return option.value; });
    this.shown = rows.filter(function (row) { return !self.many || values.indexOf(row.value) < 0; }).slice(0, MOST);
    this.list.textContent = "";
    this.shown.forEach(function (row, place) {
      var line = make("li", "picker__choice");
      line.id = self.list.id + "-" + place;
      line.dataset.place = place;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      line.appendChild(make("span", "", row.name));
      if (row.also) line.appendChild(make("span", "soft small", row.also));
      self.list.appendChild(line);
    });
    var none = words || "没有这个名称，换几个字试试";
    if (!this.shown.length) { var empty = make("li", "picker__none", none); empty.setAttribute("role", "presentation"); this.list.appendChild(empty); }
    this.count.textContent = this.shown.length ? "找到 " + this.shown.length + " 个，用上下键选择" : none;
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.stand(this.input.value.trim() && this.shown.length ? 0 : -1);
  };

  Picker.prototype.stand = function (place) {
    this.at = place;
    Array.prototype.forEach.call(this.list.querySelectorAll("[role=option]"), function (line, index) {
      line.setAttribute("aria-selected", String(index === place));
      if (index === place) line.scrollIntoView({ block: "nearest" });
    });
    if (place < 0) this.input.removeAttribute("aria-activedescendant"); else this.input.setAttribute("aria-activedescendant", this.list.id + "-" + place);
  };

  Picker.prototype.key = function (event) {
    if (event.isComposing) return;
    var open = !this.list.hidden, last = this.shown.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) { this.search(); return; }
      this.stand(event.key === "ArrowDown" ? (this.at >= last ? 0 : this.at + 1) : (this.at <= 0 ? last : this.at - 1));
    } else if (event.key === "Enter" && open && this.at >= 0 && !event.ctrlKey) { event.preventDefault(); event.stopPropagation(); this.choose(this.at); }
    else if (event.key === "Escape" && open) { event.stopPropagation(); this.close(); this.restore(); }
    else if (event.key === "Backspace" && this.many && !this.input.value && this.chosen().length) { this.chosen().pop().selected = false; this.changed(); }
  };

  Picker.prototype.choose = function (place) {
    var row = this.shown[place], option = this.option(row.value);
    if (!option) { option = new Option(row.name, row.value); this.select.appendChild(option); }
    if (!this.many) this.select.value = row.value; else option.selected = true;
    this.changed();
    this.close();
    this.input.value = this.many ? "" : this.option(row.value).text;
    this.input.focus();
    this.input.dispatchEvent(new CustomEvent("picker:chosen", { bubbles: true }));
  };

  Picker.prototype.changed = function () {
    this.own = true;
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    this.select.dispatchEvent(new Event("input", { bubbles: true }));
    this.own = false;
    this.drawChosen();
  };

  Picker.prototype.drawChosen = function () {
    if (!this.many) return;
    var tags = this.tags;
    tags.textContent = "";
    this.chosen().forEach(function (option) {
      var row = make("li"), button = make("button", "picker__drop", option.text + " ×");
      button.type = "button";
      button.value = option.value;
      button.setAttribute("aria-label", "去掉" + option.text);
      row.appendChild(button); tags.appendChild(row);
    });
  };

  Picker.prototype.restore = function () {
    if (this.many) { this.input.value = ""; return; }
    if (!this.input.value.trim() && this.chosen().length) { this.select.value = ""; this.changed(); return; }
    this.input.value = this.chosen().map(function (option) { return option.text; }).join("");
  };

  Picker.prototype.close = function () {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.stand(-1);
  };

  function start(within) {
    var found = within.matches && within.matches("select[data-picker]") ? [within] : within.querySelectorAll("select[data-picker]");
    Array.prototype.forEach.call(found, function (select) {
      if (select.dataset.pickerReady) return;
      select.dataset.pickerReady = "1";
      new Picker(select);
    });
  }
  start(document);
  document.addEventListener("htmx:load", function (event) { start(event.detail.elt); });
})();
