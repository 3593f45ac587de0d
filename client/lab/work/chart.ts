/**
 * A test chart: flat steps, a zone plate, patches of colour, a slow ramp, gratings and a star. Each part asks one thing
 * of a denoiser. To be painted at the size at which it is used: it is made of pixels.
 */
export function paintChart(context: OffscreenCanvasRenderingContext2D, width: number, height: number): void {
  context.fillStyle = '#808080';
  context.fillRect(0, 0, width, height);
  const [column, row] = [width / 3, height / 2];
  steps(context, 0, 0, column, row);
  zonePlate(context, column, 0, column, row);
  patches(context, 2 * column, 0, column, row);
  ramp(context, 0, row, column, row);
  lines(context, column, row, column, row);
  star(context, 2 * column, row, column, row);
}

type Part = (context: OffscreenCanvasRenderingContext2D, x: number, y: number, width: number, height: number) => void;

/** Ten greys, whose edges are sharp and whose insides are flat. */
const steps: Part = (context, x, y, width, height) => {
  for (let i = 0; i < 10; i++) {
    const grey = Math.round(20 + i * 24);
    context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
    const [left, top] = [x + ((i % 5) * width) / 5, y + (Math.floor(i / 5) * height) / 2];
    context.fillRect(left, top, width / 5 + 1, height / 2 + 1);
  }
};

/** From black to white: what is too smooth shows as bands, what is left as grain. */
const ramp: Part = (context, x, y, width, height) => {
  const colours = context.createLinearGradient(x, y, x + width, y);
  colours.addColorStop(0, '#000');
  colours.addColorStop(1, '#fff');
  context.fillStyle = colours;
  context.fillRect(x, y, width, height);
};

/** Rings that grow finer outwards, up to four pixels a ring: where they vanish, detail of that size does. */
const zonePlate: Part = (context, x, y, width, height) => {
  const picture = context.createImageData(Math.ceil(width), Math.ceil(height));
  const reach = Math.min(width, height) / 2;
  for (let i = 0; i < picture.width * picture.height; i++) {
    const dx = (i % picture.width) - picture.width / 2;
    const dy = Math.floor(i / picture.width) - picture.height / 2;
    const squared = dx * dx + dy * dy;
    const grey = 128 + (squared < reach * reach ? 100 * Math.cos((Math.PI * squared) / (4 * reach)) : 0);
    picture.data.set([grey, grey, grey, 255], i * 4);
  }
  context.putImageData(picture, Math.floor(x), Math.floor(y));
};

/** Colours of one brightness beside each other, with edges that only colour shows. */
const patches: Part = (context, x, y, width, height) => {
  const count = 6;
  for (let i = 0; i < count * count; i++) {
    const hue = (i * 137.5) % 360;
    context.fillStyle = `oklch(0.65 0.11 ${hue})`;
    const [left, top] = [x + ((i % count) * width) / count, y + (Math.floor(i / count) * height) / count];
    context.fillRect(left, top, width / count + 1, height / count + 1);
  }
};

/** Gratings that grow finer to the right, to four pixels a line; of five contrasts, the faintest below most noise. */
const lines: Part = (context, x, y, width, height) => {
  [110, 60, 30, 15, 7].forEach((contrast, band) => {
    for (let at = 0; at < width; at++) {
      const grey = Math.round(128 + contrast * Math.sin((Math.PI * at * at) / (4 * width)));
      context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
      context.fillRect(x + at, y + (band * height) / 5, 1.5, height / 5 + 1);
    }
  });
};

/** Spokes: edges of all directions that meet. */
const star: Part = (context, x, y, width, height) => {
  const [middleX, middleY, radius] = [x + width / 2, y + height / 2, Math.min(width, height) * 0.47];
  context.fillStyle = '#e8e8e8';
  context.fillRect(x, y, width, height);
  context.fillStyle = '#181818';
  const count = 24;
  for (let i = 0; i < count; i++) {
    const angle = (i * 2 * Math.PI) / count;
    context.beginPath();
    context.moveTo(middleX, middleY);
    context.arc(middleX, middleY, radius, angle, angle + Math.PI / count);
    context.fill();
  }
};
