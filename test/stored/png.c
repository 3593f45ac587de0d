/*
 * Makes png.json: for each colour type and depth of the standard, plain and interlaced, a PNG that libpng wrote, and the
 * samples that libpng reads from it, expanded as degrain's images are: grey, grey and alpha, RGB or RGBA of 8 or 16 bits.
 *
 *   cc -O1 test/stored/png.c -o /tmp/png -lpng && /tmp/png > test/stored/png.json
 */
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BYTES = 1 << 16 };

typedef struct {
  png_byte bytes[MAX_BYTES];
  size_t length, read;
} File;

static void append(png_structp png, png_bytep data, size_t length) {
  File *file = png_get_io_ptr(png);
  memcpy(file->bytes + file->length, data, length);
  file->length += length;
}

static void flush(png_structp png) { (void)png; }

static void take(png_structp png, png_bytep data, size_t length) {
  File *file = png_get_io_ptr(png);
  if (file->read + length > file->length) png_error(png, "short");
  memcpy(data, file->bytes + file->read, length);
  file->read += length;
}

/* Random numbers that are the same everywhere. */
static unsigned state = 1;
static unsigned next(void) { return (state = state * 1103515245u + 12345u) >> 16; }

static size_t row_bytes(int width, int samples, int depth) { return ((size_t)width * samples * depth + 7) / 8; }

static void write_png(File *file, int width, int height, int colour, int depth, int interlaced, int transparency) {
  int samples = colour == 2 ? 3 : colour == 4 ? 2 : colour == 6 ? 4 : 1;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(png, file, append, flush);
  png_set_IHDR(png, info, width, height, depth, colour, interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  int entries = 1 << (depth < 8 ? depth : 8);
  png_color palette[256];
  png_byte alphas[256];
  if (colour == 3) {
    for (int i = 0; i < entries; i++) {
      palette[i].red = next(), palette[i].green = next(), palette[i].blue = next();
      alphas[i] = next();
    }
    png_set_PLTE(png, info, palette, entries);
    if (transparency) png_set_tRNS(png, info, alphas, (entries + 1) / 2, NULL);
  } else if (transparency) {
    png_color_16 key = {0};
    key.gray = 1, key.red = key.green = key.blue = 1;
    png_set_tRNS(png, info, NULL, 0, &key);
  }
  png_set_filter(png, 0, PNG_ALL_FILTERS);
  png_write_info(png, info);
  size_t bytes = row_bytes(width, samples, depth);
  png_bytep *rows = malloc(height * sizeof *rows);
  for (int y = 0; y < height; y++) {
    rows[y] = calloc(1, bytes);
    /* a slope with noise, so that filters differ, and pixels of the transparent colour, which is 1 */
    for (size_t i = 0; i < bytes; i++) rows[y][i] = depth < 8 ? next() : y * 7 + i * 3 + next() % 5;
    if (transparency && colour != 3 && depth >= 8) {
      int size = depth / 8;
      for (int s = 0; s < samples; s++) memset(rows[y] + s * size, 0, size), rows[y][s * size + size - 1] = 1;
    }
  }
  png_write_image(png, rows);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
}

static void print_hex(const char *name, const png_byte *bytes, size_t length, const char *end) {
  printf("\"%s\": \"", name);
  for (size_t i = 0; i < length; i++) printf("%02x", bytes[i]);
  printf("\"%s", end);
}

static void read_png(File *file) {
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct(png);
  png_set_read_fn(png, file, take);
  png_read_info(png, info);
  png_set_expand(png); /* palette to RGB, grey to 8 bits, tRNS to alpha */
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  size_t bytes = png_get_rowbytes(png, info);
  int height = png_get_image_height(png, info);
  png_bytep all = malloc(bytes * height);
  png_bytep *rows = malloc(height * sizeof *rows);
  for (int y = 0; y < height; y++) rows[y] = all + y * bytes;
  png_read_image(png, rows);
  printf("\"channels\": %d, \"depth\": %d, ", png_get_channels(png, info), png_get_bit_depth(png, info));
  print_hex("samples", all, bytes * height, "}");
  png_destroy_read_struct(&png, &info, NULL);
}

int main(void) {
  static const int kinds[][2] = {{0, 1}, {0, 2}, {0, 4}, {0, 8}, {0, 16}, {2, 8},  {2, 16}, {3, 1},
                                 {3, 2}, {3, 4}, {3, 8}, {4, 8}, {4, 16}, {6, 8}, {6, 16}};
  static const int sizes[][2] = {{11, 9}, {3, 5}};
  const char *separator = "[\n";
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    for (int interlaced = 0; interlaced < 2; interlaced++) {
      for (int transparency = 0; transparency < (kinds[k][0] < 4 ? 2 : 1); transparency++) {
        for (int s = 0; s < (interlaced ? 2 : 1); s++) {
          File file = {.length = 0};
          int width = sizes[s][0], height = sizes[s][1];
          write_png(&file, width, height, kinds[k][0], kinds[k][1], interlaced, transparency);
          printf("%s{\"colour\": %d, \"bits\": %d, \"interlaced\": %s, \"transparency\": %s, ", separator, kinds[k][0],
                 kinds[k][1], interlaced ? "true" : "false", transparency ? "true" : "false");
          printf("\"width\": %d, \"height\": %d, ", width, height);
          print_hex("file", file.bytes, file.length, ", ");
          read_png(&file);
          separator = ",\n";
        }
      }
    }
  }
  printf("\n]\n");
  return 0;
}
