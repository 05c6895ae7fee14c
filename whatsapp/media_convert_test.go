package whatsapp_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"github.com/ponte-desk/ponte/whatsapp"
)

// sample is a picture of 40 × 20: red on its left half, see-through on the right one.
func sample() *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, 40, 20))
	for y := range 20 {
		for x := range 20 {
			m.SetNRGBA(x, y, color.NRGBA{R: 0xff, A: 0xff})
		}
	}
	return m
}

// opaque is the same with a white half, for a format that cannot be seen through.
func opaque() *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, 40, 20))
	for i := range m.Pix {
		m.Pix[i] = 0xff
		if i/4%40 < 20 && (i%4 == 1 || i%4 == 2) {
			m.Pix[i] = 0
		}
	}
	return m
}

// gray is the same without colours: black and white.
func gray() *image.Gray {
	m := image.NewGray(image.Rect(0, 0, 40, 20))
	for i := range m.Pix {
		if i%40 >= 20 {
			m.Pix[i] = 0xff
		}
	}
	return m
}

func paletted() *image.Paletted {
	m := image.NewPaletted(image.Rect(0, 0, 40, 20), color.Palette{color.NRGBA{R: 0xff, A: 0xff}, color.NRGBA{}})
	for i := range m.Pix {
		if i%40 >= 20 {
			m.Pix[i] = 1
		}
	}
	return m
}

func encoded(t *testing.T, encode func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// isNear reports whether a colour is the wanted one, as far as a JPEG keeps it.
func isNear(got color.Color, want color.RGBA) bool {
	r, g, b, _ := got.RGBA()
	for _, pair := range [][2]int{{int(r >> 8), int(want.R)}, {int(g >> 8), int(want.G)}, {int(b >> 8), int(want.B)}} {
		if d := pair[0] - pair[1]; d < -8 || d > 8 {
			return false
		}
	}
	return true
}

func TestToJPEG(t *testing.T) {
	t.Parallel()
	red, black, white := color.RGBA{R: 0xff}, color.RGBA{}, color.RGBA{R: 0xff, G: 0xff, B: 0xff}
	for name, tt := range map[string]struct {
		encode func(io.Writer) error
		left   color.RGBA
	}{
		"BMP":              {func(w io.Writer) error { return bmp.Encode(w, opaque()) }, red},
		"BMP with palette": {func(w io.Writer) error { return bmp.Encode(w, gray()) }, black},
		"PNG":              {func(w io.Writer) error { return png.Encode(w, sample()) }, red},
		"PNG with palette": {func(w io.Writer) error { return png.Encode(w, paletted()) }, red},
		"PNG without colours": {
			func(w io.Writer) error { return png.Encode(w, gray()) }, black,
		},
		"GIF":                  {func(w io.Writer) error { return gif.Encode(w, paletted(), nil) }, red},
		"TIFF":                 {func(w io.Writer) error { return tiff.Encode(w, sample(), nil) }, red},
		"TIFF, packed":         {func(w io.Writer) error { return tiff.Encode(w, sample(), &tiff.Options{Compression: tiff.Deflate}) }, red},
		"TIFF without colours": {func(w io.Writer) error { return tiff.Encode(w, gray(), nil) }, black},
		"GIF that moves": {func(w io.Writer) error {
			other := paletted()
			clear(other.Pix)
			return gif.EncodeAll(w, &gif.GIF{Image: []*image.Paletted{paletted(), other}, Delay: []int{10, 10}})
		}, red},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := whatsapp.ToJPEG(iotest.HalfReader(bytes.NewReader(encoded(t, tt.encode))))
			if err != nil {
				t.Fatal(err)
			}
			m, err := jpeg.Decode(bytes.NewReader(got))
			if err != nil {
				t.Fatal(err)
			}
			if m.Bounds() != image.Rect(0, 0, 40, 20) {
				t.Errorf("bounds %v", m.Bounds())
			}
			if _, ok := m.(*image.YCbCr); !ok {
				t.Errorf("a %T, not one with colours", m)
			}
			if !isNear(m.At(5, 10), tt.left) || !isNear(m.At(35, 10), white) {
				t.Errorf("colours %v, %v", m.At(5, 10), m.At(35, 10))
			}
		})
	}
}

// tinyWebP is a picture of one pixel.
const tinyWebP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="

func TestWebPToJPEG(t *testing.T) {
	t.Parallel()
	data, err := base64.StdEncoding.DecodeString(tinyWebP)
	if err != nil {
		t.Fatal(err)
	}
	got, err := whatsapp.ToJPEG(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if c, err := jpeg.DecodeConfig(bytes.NewReader(got)); err != nil || c.Width != 1 || c.Height != 1 {
		t.Errorf("got %+v, %v", c, err)
	}
}

// movingWebP is the beginning of an animation: a header that says so, and a frame.
func movingWebP() []byte {
	chunk := func(id string, data ...byte) []byte {
		return append(binary.LittleEndian.AppendUint32([]byte(id), uint32(len(data))), data...)
	}
	body := append([]byte("WEBP"), chunk("VP8X", 2, 0, 0, 0, 39, 0, 0, 19, 0, 0)...)
	body = append(body, chunk("ANIM", 0, 0, 0, 0, 0, 0)...)
	body = append(body, chunk("ANMF", make([]byte, 24)...)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// hugeBMP is a header of a picture with many pixels and nothing behind it.
func hugeBMP(t *testing.T, width, height uint32) []byte {
	t.Helper()
	data := encoded(t, func(w io.Writer) error { return bmp.Encode(w, sample()) })
	binary.LittleEndian.PutUint32(data[18:], width)
	binary.LittleEndian.PutUint32(data[22:], height)
	return data
}

func TestToJPEGRefuses(t *testing.T) {
	t.Parallel()
	whole := encoded(t, func(w io.Writer) error { return bmp.Encode(w, sample()) })
	for name, data := range map[string][]byte{
		"nothing":            nil,
		"text":               []byte("Olá"),
		"a JPEG":             []byte(jpegHead),
		"a program":          []byte(exeHead),
		"cut short":          whole[:len(whole)/2],
		"only a header":      whole[:30],
		"too many pixels":    hugeBMP(t, 8000, 5001),
		"beyond all measure": hugeBMP(t, 0x7fffffff, 0x7fffffff),
		"GIF of many pixels": []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00"),
		"moving WebP":        movingWebP(),
		"broken TIFF":        []byte("II*\x00\x08\x00\x00\x00\xff\xff"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := whatsapp.ToJPEG(bytes.NewReader(data))
			if !errors.Is(err, whatsapp.ErrNotConverted) || got != nil {
				t.Errorf("got %d bytes, %v", len(got), err)
			}
			if strings.HasSuffix(name, "many pixels") && !strings.HasSuffix(err.Error(), "too many pixels") {
				t.Errorf("it was read before its size was looked at: %v", err)
			}
		})
	}
}

// When the source breaks the picture is not to blame.
func TestToJPEGSourceBreaks(t *testing.T) {
	t.Parallel()
	boom := errors.New("source is gone")
	whole := encoded(t, func(w io.Writer) error { return bmp.Encode(w, sample()) })
	for _, n := range []int{0, 20, len(whole) / 2} {
		_, err := whatsapp.ToJPEG(io.MultiReader(bytes.NewReader(whole[:n]), iotest.ErrReader(boom)))
		if !errors.Is(err, boom) || errors.Is(err, whatsapp.ErrNotConverted) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
	if _, err := whatsapp.ToJPEG(strings.NewReader("BM")); !errors.Is(err, whatsapp.ErrNotConverted) {
		t.Errorf("error = %v", err)
	}
}

func FuzzToJPEG(f *testing.F) {
	tiny := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	for _, encode := range []func(io.Writer) error{
		func(w io.Writer) error { return bmp.Encode(w, tiny) },
		func(w io.Writer) error { return png.Encode(w, tiny) },
		func(w io.Writer) error { return gif.Encode(w, tiny, nil) },
		func(w io.Writer) error { return tiff.Encode(w, tiny, nil) },
	} {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Add(movingWebP())
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := whatsapp.ToJPEG(bytes.NewReader(data))
		if (err == nil) != (len(got) > 0) {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
		if len(got) > whatsapp.MaxImage {
			t.Fatalf("%d bytes", len(got))
		}
	})
}
