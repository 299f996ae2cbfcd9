// Photos, camera first: shrunk to 1600 px before they travel, shown small, several at once, each can be dropped.
"use strict";
(() => {
  const { $$, make, icon, say } = window.office;
  const LONGEST = 1600;

  /** The photo shrunk and turned upright; a file the browser cannot draw comes back as it is. */
  async function shrunk(file) {
    if (!file.type.startsWith("image/") || file.type === "image/gif") return file;
    try {
      const image = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
      if (scale === 1 && file.size < 600_000) return file;
      const canvas = make("canvas", { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      image.close();
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
      return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
    } catch {
      return file;
    }
  }

  async function thumbnail(file) {
    try {
      const image = await createImageBitmap(file);
      const canvas = make("canvas", { width: 208, height: 156, role: "img", "aria-label": file.name });
      const scale = Math.max(208 / image.width, 156 / image.height);
      canvas.getContext("2d").drawImage(image, (208 - image.width * scale) / 2, (156 - image.height * scale) / 2, image.width * scale, image.height * scale);
      image.close();
      return canvas;
    } catch {
      return make("span", { className: "other" }, icon("file-text"));
    }
  }

  function bind(input) {
    if (input.dataset.bound) return;
    input.dataset.bound = "yes";
    const albumOnly = input.accept.startsWith("image/");
    input.removeAttribute("capture"); // it has its own button, the other one opens the album
    let files = [];
    const list = make("ul", { className: "photos", "aria-label": "已选的照片" });
    const camera = make("input", { type: "file", accept: "image/*", hidden: true, tabIndex: -1 });
    camera.setAttribute("capture", "environment");
    const shoot = make("button", { type: "button", className: "btn" }, icon("camera"), "拍照");
    const choose = make("button", { type: "button", className: "btn" }, icon("photo"), albumOnly ? "从相册选" : "选择文件");
    const what = input.labels[0]?.textContent.trim() ?? "照片";
    shoot.setAttribute("aria-label", `拍照：${what}`);
    choose.setAttribute("aria-label", `${choose.textContent}：${what}`);

    function put() {
      const carrier = new DataTransfer();
      files.forEach((file) => carrier.items.add(file));
      input.files = carrier.files;
      input.dispatchEvent(new CustomEvent("office:files", { bubbles: true, detail: files }));
    }
    async function draw() {
      const shown = await Promise.all(files.map(async (file) => {
        const drop = make("button", { type: "button", "aria-label": `去掉 ${file.name}` }, icon("x"));
        drop.addEventListener("click", () => {
          files = files.filter((other) => other !== file);
          put();
          draw();
        });
        return make("li", {}, await thumbnail(file), make("span", { className: "name" }, file.name), drop);
      }));
      list.replaceChildren(...shown);
    }
    async function take(chosen) {
      const most = Number(input.dataset.max ?? 9);
      const added = [];
      // One after the other: a phone has no room for several large photos decoded.
      for (const file of [...chosen]) added.push(await shrunk(file));
      files = (input.multiple ? files : []).concat(added);
      if (files.length > most) say(`一次最多 ${most} 个文件，多出的没有加入。`, "warning");
      files = files.slice(0, most);
      put();
      draw();
    }
    camera.addEventListener("change", () => take(camera.files).then(() => (camera.value = "")));
    input.addEventListener("change", () => take(input.files));
    input.addEventListener("office:no-files", () => {
      files = [];
      draw();
    });
    input.addEventListener("office:put-files", (event) => take(event.detail));
    shoot.addEventListener("click", () => camera.click());
    choose.addEventListener("click", () => input.click());
    input.classList.add("sr-only");
    input.tabIndex = -1;
    input.after(make("div", { className: "row" }, shoot, choose), camera, list);
  }
  $$("input[type=file][data-photos]").forEach(bind);
  document.addEventListener("htmx:load", (event) => $$("input[type=file][data-photos]", event.detail.elt).forEach(bind));
})();
