package whatsapp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/image/bmp"
	"golang.org/x/image/draw"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// ErrNotConverted says that a picture cannot be made a JPEG: it is none, is broken, moves, or is too large.
var ErrNotConverted = errors.New("whatsapp: the picture cannot be converted")

// Limits of ToJPEG.
const (
	maxPixels  = 40_000_000
	maxPicture = 64 << 20 // bytes
)

// Convertible reports whether files of a type are pictures that WhatsApp does not take as such, but ToJPEG can read.
func Convertible(mimeType string) bool {
	base, _ := splitType(mimeType)
	switch base {
	case "image/bmp", "image/x-ms-bmp", "image/x-bmp", "image/tiff", "image/gif", "image/webp":
		return true
	}
	return false
}

// format reads one kind of picture.
type format struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

func formatOf(head []byte) (format, bool) {
	switch found := mimetype.Detect(head); {
	case found.Is("image/bmp"):
		return format{bmp.DecodeConfig, bmp.Decode}, true
	case found.Is("image/tiff"):
		return format{tiff.DecodeConfig, tiff.Decode}, true
	case found.Is("image/gif"):
		return format{gif.DecodeConfig, gif.Decode}, true
	case found.Is("image/webp"):
		return format{webp.DecodeConfig, webp.Decode}, true
	case found.Is("image/png"):
		return format{png.DecodeConfig, png.Decode}, true
	}
	return format{}, false
}

// ToJPEG makes a JPEG of at most MaxImage bytes of a picture in BMP, TIFF, GIF (its first image), WebP or PNG, of at most 40
// megapixels and 64 MB. What is transparent becomes white. A picture that stays too large is made coarser, then smaller. Errors of r
// are returned as they are, others are ErrNotConverted. It may need 4 bytes for each pixel, and those of the file.
func ToJPEG(r io.Reader) ([]byte, error) {
	source := &noted{r: io.LimitReader(r, maxPicture)}
	img, err := decodePicture(source)
	if source.err != nil {
		return nil, source.err
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotConverted, err)
	}
	return encodePicture(onWhite(img), MaxImage)
}

// noted is a reader that remembers why it failed.
type noted struct {
	r   io.Reader
	err error
}

// Read implements io.Reader.
func (n *noted) Read(p []byte) (int, error) {
	got, err := n.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		n.err = err
	}
	return got, err
}

var (
	errNoPicture = errors.New("not a picture of a known kind")
	errPixels    = errors.New("too many pixels")
)

// decodePicture reads a picture after a look at how large it is.
func decodePicture(r io.Reader) (image.Image, error) {
	buffered := bufio.NewReaderSize(r, SniffLength)
	head, err := buffered.Peek(SniffLength)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	f, ok := formatOf(head)
	if !ok {
		return nil, errNoPicture
	}
	var seen bytes.Buffer
	config, err := f.config(io.TeeReader(buffered, &seen))
	if err != nil {
		return nil, err
	}
	if config.Width <= 0 || config.Height <= 0 || int64(config.Width)*int64(config.Height) > maxPixels {
		return nil, errPixels
	}
	return f.decode(io.MultiReader(&seen, buffered))
}

// onWhite returns a picture without transparency, in a form that becomes a JPEG with colours. It may change img.
func onWhite(img image.Image) image.Image {
	switch m := img.(type) {
	case *image.YCbCr:
		return m
	case *image.Paletted:
		for i, c := range m.Palette {
			m.Palette[i] = colorOnWhite(c)
		}
		return m
	case *image.RGBA:
		for i := 0; i+3 < len(m.Pix); i += 4 {
			rest := 0xff - m.Pix[i+3]
			m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = m.Pix[i]+rest, m.Pix[i+1]+rest, m.Pix[i+2]+rest, 0xff
		}
		return m
	case *image.NRGBA:
		for i := 0; i+3 < len(m.Pix); i += 4 {
			c := colorOnWhite(color.NRGBA{m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3]})
			m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = c.R, c.G, c.B, 0xff
		}
		return m
	}
	flat := image.NewRGBA(img.Bounds())
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), img, img.Bounds().Min, draw.Over)
	return flat
}

func colorOnWhite(c color.Color) color.RGBA {
	r, g, b, a := c.RGBA()
	rest := 0xffff - a
	return color.RGBA{uint8((r + rest) >> 8), uint8((g + rest) >> 8), uint8((b + rest) >> 8), 0xff}
}

// encodePicture writes a JPEG of at most limit bytes.
func encodePicture(img image.Image, limit int) ([]byte, error) {
	for {
		for _, quality := range []int{90, 65} {
			out := &capped{left: limit}
			err := jpeg.Encode(out, img, &jpeg.Options{Quality: quality})
			if err == nil {
				return out.Bytes(), nil
			}
			if !errors.Is(err, errTooLong) {
				return nil, fmt.Errorf("%w: %w", ErrNotConverted, err)
			}
		}
		half := image.NewRGBA(image.Rect(0, 0, (img.Bounds().Dx()+1)/2, (img.Bounds().Dy()+1)/2))
		draw.ApproxBiLinear.Scale(half, half.Bounds(), img, img.Bounds(), draw.Src, nil)
		img = half
	}
}

// capped is a buffer that takes so much and no more.
type capped struct {
	bytes.Buffer

	left int
}

var errTooLong = errors.New("the result is too long")

// Write implements io.Writer.
func (c *capped) Write(p []byte) (int, error) {
	if c.left -= len(p); c.left < 0 {
		return 0, errTooLong
	}
	return c.Buffer.Write(p)
}
