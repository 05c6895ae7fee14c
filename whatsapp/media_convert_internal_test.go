package whatsapp

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"testing"
)

// A picture that is too large for WhatsApp is made coarser, then smaller, until it fits.
func TestEncodePictureFits(t *testing.T) {
	t.Parallel()
	noise := image.NewRGBA(image.Rect(0, 0, 300, 200)) // as hard to pack as can be
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = byte(random.Uint32())
		if i%4 == 3 {
			noise.Pix[i] = 0xff
		}
	}
	whole, err := encodePicture(noise, MaxImage)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ limit, width, height int }{
		"as it is": {len(whole), 300, 200},
		"coarser":  {len(whole) - 1, 300, 200},
		"smaller":  {len(whole) / 4, 150, 100},
		"tiny":     {1000, 9, 6},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := encodePicture(noise, tt.limit)
			if err != nil {
				t.Fatal(err)
			}
			c, err := jpeg.DecodeConfig(bytes.NewReader(got))
			if err != nil || len(got) > tt.limit {
				t.Errorf("%d bytes of at most %d, %v", len(got), tt.limit, err)
			}
			if name != "tiny" && (c.Width != tt.width || c.Height != tt.height) {
				t.Errorf("%d × %d, want %d × %d", c.Width, c.Height, tt.width, tt.height)
			}
		})
	}
}
