"use strict";
// Draws a signature, by pointer or from the typed name, into the picture that the form sends. Nothing is asked of another server.
(() => {
  const canvas = document.getElementById("canvas");
  const field = document.getElementById("signature");
  const name = document.getElementById("name");
  if (!canvas || !field || !name) return;
  const pen = canvas.getContext("2d");
  let isDrawn = false;
  let isDown = false;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  const keep = () => {
    field.value = canvas.toDataURL("image/png");
  };
  pen.lineWidth = 3;
  pen.lineCap = "round";
  canvas.addEventListener("pointerdown", (event) => {
    if (!isDrawn) pen.clearRect(0, 0, canvas.width, canvas.height);
    isDrawn = isDown = true;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!isDown) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  canvas.addEventListener("pointerup", () => {
    isDown = false;
    keep();
  });
  // who uses no pointer signs by his typed name
  name.addEventListener("input", () => {
    if (isDrawn) return;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.font = "italic 48px cursive";
    pen.fillText(name.value, 20, canvas.height / 2, canvas.width - 40);
    keep();
  });
})();
