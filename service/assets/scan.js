// Reads a square code by camera: by the browser's own BarcodeDetector, else frame by frame on our own server.
// Nothing is sent before the person presses the button. Where there is no camera, a picture or the link will do.
"use strict";
{
  const PAUSE = 250;
  const WIDEST = 960;

  async function ownReader() {
    if (!("BarcodeDetector" in window)) return null;
    const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
    if (!formats.includes("qr_code")) return null;
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video)).map((code) => code.rawValue);
  }

  function serverReader(panel) {
    const canvas = document.createElement("canvas");
    return async (video) => {
      const scale = Math.min(1, WIDEST / Math.max(video.videoWidth, video.videoHeight));
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
      const frame = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
      const answer = await fetch(panel.dataset.scan, {
        method: "POST",
        body: frame,
        headers: { "Content-Type": "image/jpeg", "X-CSRF-Token": panel.dataset.csrf, Accept: "application/json" },
      });
      return answer.ok ? (await answer.json()).texts : [];
    };
  }

  async function look(panel, video, says) {
    const read = (await ownReader()) || serverReader(panel);
    while (video.srcObject) {
      const texts = video.videoWidth ? await read(video).catch(() => []) : [];
      if (texts.length > 0) {
        video.srcObject.getTracks().forEach((track) => track.stop());
        video.srcObject = null;
        says.textContent = panel.dataset.found;
        const field = document.querySelector(panel.dataset.target);
        field.value = texts[0];
        field.form.requestSubmit();
        return;
      }
      await new Promise((done) => { setTimeout(done, PAUSE); });
    }
  }

  function prepare(panel) {
    const button = panel.querySelector("button");
    const frame = panel.querySelector(".viewfinder");
    const video = panel.querySelector("video");
    const says = panel.querySelector("[role=status]");
    panel.hidden = false;
    button.addEventListener("click", async () => {
      if (!navigator.mediaDevices) { says.textContent = panel.dataset.missing; return; }
      try {
        video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      } catch (refusal) {
        says.textContent = refusal.name === "NotAllowedError" ? panel.dataset.refused : panel.dataset.missing;
        return;
      }
      button.hidden = true;
      frame.hidden = false;
      says.textContent = panel.dataset.looking;
      await video.play();
      await look(panel, video, says);
    });
    window.addEventListener("pagehide", () => {
      if (video.srcObject) video.srcObject.getTracks().forEach((track) => track.stop());
      video.srcObject = null;
    });
  }

  document.querySelectorAll("[data-scan]").forEach(prepare);
}
