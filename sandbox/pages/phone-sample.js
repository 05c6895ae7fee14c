// A picture to send when none is at hand: a photographed error on an order screen.

const width = 720,
  height = 480;

/** samplePicture draws the picture and returns it as a PNG file. */
export async function samplePicture() {
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
  const blob = await new Promise((done) => {
    canvas.toBlob(done, "image/png");
  });
  return new File([blob], "tela.png", { type: "image/png" });
}

function text(pen, words, x, y, colour, font = "18px") {
  pen.fillStyle = colour;
  pen.font = `${font} system-ui, sans-serif`;
  pen.fillText(words, x, y);
}
