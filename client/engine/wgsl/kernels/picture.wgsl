// What the kernels on both sides of the network know of a picture and of the part that one window answers for.

struct Picture {
  // px
  width: u32,
  height: u32,
  // Samples per pixel, bytes of each (1, 2, or 4: a float32), and colours, which come first.
  step: u32,
  bytes: u32,
  colours: u32,
  // What takes a sample to the scale of 0 to 1.
  scale: f32,
  // Colours of the network, and the value of its noise map, one channel more in `depth`.
  inputs: u32,
  depth: u32,
  noise: f32,
  // px: where the window begins in the picture, and its size.
  windowX: u32,
  windowY: u32,
  windowWidth: u32,
  windowHeight: u32,
  // px: where the part begins in the window, and its size.
  partX: u32,
  partY: u32,
  partWidth: u32,
  partHeight: u32,
}

@group(0) @binding(0) var<uniform> picture: Picture;
