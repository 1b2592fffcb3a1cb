// What on a page cannot be read well: words of too little contrast, what reaches beyond the page, and
// on a wide screen a table that must be moved to be read, unless it lays many copies side by side.
() => {
  const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const painted = (written) => {
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = written;
    pixel.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pixel.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const known = new Map(); // a pixel is slow to read, and a page has few colours
  const colour = (written) => {
    if (!known.has(written)) known.set(written, painted(written));
    return known.get(written);
  };
  const over = (top, below) => [0, 1, 2].map((part) => top[part] * top[3] + below[part] * (1 - top[3]));
  const light = (parts) => {
    const [red, green, blue] = parts.map((part) => part / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const above = (node) => (node ? [...above(node.parentElement), node] : []);
  const found = [];
  for (const node of document.querySelectorAll("main .scroll")) {
    const hidden = node.scrollWidth - node.clientWidth;
    if (innerWidth >= 1280 && hidden > 1 && !node.matches(".beside, :has(.beside)"))
      found.push(`${hidden} pixels of a table out of view: ${node.textContent.trim().slice(0, 30)}`);
  }
  for (const node of document.querySelectorAll("main *")) {
    const place = node.getBoundingClientRect(), style = getComputedStyle(node);
    if (!place.width || !node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const name = `${node.tagName}.${node.className} ${node.textContent.trim().slice(0, 30)}`;
    if (place.right > innerWidth - 8 && !node.closest(".scroll, .hidden-label")) found.push(`beyond the page: ${name}`);
    const says = [...node.childNodes].some((one) => one.nodeType === Node.TEXT_NODE && one.textContent.trim());
    const stale = above(node).some((one) => getComputedStyle(one).opacity < 1);
    if (!says || stale || style.color === "rgba(0, 0, 0, 0)") continue;
    const paper = above(node).reduce((below, one) => over(colour(getComputedStyle(one).backgroundColor), below), [255, 255, 255]);
    const [dim, bright] = [light(over(colour(style.color), paper)), light(paper)].sort((one, other) => one - other);
    const contrast = (bright + 0.05) / (dim + 0.05);
    if (contrast < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) found.push(`contrast ${contrast.toFixed(2)}: ${name}`);
  }
  return found;
}
