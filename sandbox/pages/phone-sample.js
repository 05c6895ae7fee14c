// Files to send when none is at hand: a photographed error, a sticker, a short film, a PDF.

const width = 720,
  height = 480;

function screen() {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#c9d3da";
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = "#29506b";
  pen.fillRect(0, 0, width, 46);
  text(pen, "316 · Digitação de pedido", 20, 30, "#ffffff", "bold 20px");
  for (let row = 0; row < 7; row++) {
    pen.fillStyle = row % 2 ? "#e4eaee" : "#f3f6f8";
    pen.fillRect(20, 70 + row * 36, width - 40, 36);
    text(pen, `Item ${row + 1}`, 34, 94 + row * 36, "#43535e");
    text(pen, `${(row * 17 + 23) % 90},00`, width - 110, 94 + row * 36, "#43535e");
  }
  pen.fillStyle = "#ffffff";
  pen.fillRect(150, 170, 420, 170);
  pen.strokeStyle = "#9a2b23";
  pen.lineWidth = 3;
  pen.strokeRect(150, 170, 420, 170);
  text(pen, "Erro ao gravar o pedido", 180, 215, "#9a2b23", "bold 22px");
  text(pen, "Tabela de preço não encontrada", 180, 255, "#2b3840");
  text(pen, "para a filial 2 (código 539).", 180, 283, "#2b3840");
  return canvas;
}

function text(pen, words, x, y, colour, font = "18px") {
  pen.fillStyle = colour;
  pen.font = `${font} system-ui, sans-serif`;
  pen.fillText(words, x, y);
}

async function drawn(canvas, type, name) {
  const blob = await new Promise((done) => {
    canvas.toBlob(done, type, 0.9);
  });
  if (blob?.type !== type) throw new Error("Este navegador não cria arquivos deste tipo.");
  return new File([blob], name, { type });
}

/** samplePicture is the photograph of an error, as PNG. */
export function samplePicture() {
  return drawn(screen(), "image/png", "tela.png");
}

/** sampleSticker is a thumb on a disc, as WebP. */
export function sampleSticker() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 256;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#5340ad";
  pen.beginPath();
  pen.arc(128, 128, 116, 0, 2 * Math.PI);
  pen.fill();
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  text(pen, "Valeu!", 128, 132, "#ffffff", "bold 62px");
  return drawn(canvas, "image/webp", "figurinha.webp");
}

const film = "video/mp4;codecs=avc1.42E01E";

/** canFilm tells whether the browser records films that WhatsApp takes. */
export function canFilm() {
  return typeof MediaRecorder !== "undefined" && MediaRecorder.isTypeSupported(film);
}

/** sampleFilm is the screen of the error with a blinking frame, for a second and a half. */
export async function sampleFilm() {
  const canvas = screen(),
    pen = canvas.getContext("2d"),
    parts = [];
  const recorder = new MediaRecorder(canvas.captureStream(15), { mimeType: film });
  recorder.ondataavailable = (event) => parts.push(event.data);
  const done = new Promise((end) => {
    recorder.onstop = end;
  });
  recorder.start();
  for (let n = 0; n < 15; n++) {
    pen.strokeStyle = n % 2 ? "#9a2b23" : "#f2c94c";
    pen.lineWidth = 8;
    pen.strokeRect(150, 170, 420, 170);
    await new Promise((next) => {
      setTimeout(next, 100);
    });
  }
  recorder.stop();
  await done;
  return new File(parts, "erro.mp4", { type: "video/mp4" });
}

/** samplePDF is a page of a delivery note. */
export function samplePDF() {
  const words = [
    ["Romaneio de entrega 4815", 20],
    ["Cliente: Mercado Bom Vizinho Ltda.", 12],
    ["3 volumes, 42,7 kg", 12],
    ["Documento de exemplo, sem valor fiscal.", 10],
  ];
  let y = 780;
  const lines = words.map(([line, size]) => {
    y -= size * 2;
    return `BT /F1 ${size} Tf 60 ${y} Td (${line}) Tj ET`;
  });
  const stream = lines.join("\n");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
  ];
  let body = "%PDF-1.4\n";
  const places = objects.map((object, at) => {
    const place = body.length;
    body += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const entries = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  const start = body.length;
  body += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return new File([body], "romaneio-4815.pdf", { type: "application/pdf" });
}
