package desk

import (
	"bytes"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

const (
	thumbSide  = 80        // pixels of a thumbnail's longer side
	maxPixels  = 8_000_000 // larger pictures get no thumbnail: decoding them takes memory
	sniffBytes = 512
)

// received is a file that was stored and is not known to the account yet.
type received struct {
	key           string
	size          int64
	width, height int // of a picture, else 0
	thumb         *received
}

func (s *Server) discard(f *received) {
	if f == nil {
		return
	}
	s.discard(f.thumb)
	if err := s.vault.remove(f.key); err != nil {
		s.log.Error("removing a refused file failed", "error", err)
	}
}

// receive stores a request's file and looks whether it is a picture.
func (s *Server) receive(body io.Reader) (*received, error) {
	key, size, err := s.vault.take(body)
	if err != nil {
		return nil, err
	}
	f := &received{key: key, size: size}
	if err := s.depict(f); err != nil {
		s.discard(f)
		return nil, err
	}
	return f, nil
}

// codec decodes one kind of picture.
type codec struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// codecOf finds the decoder by a file's first bytes, whatever it was declared to be.
func codecOf(head []byte) (codec, bool) {
	switch http.DetectContentType(head) {
	case "image/png":
		return codec{png.DecodeConfig, png.Decode}, true
	case "image/jpeg":
		return codec{jpeg.DecodeConfig, jpeg.Decode}, true
	case "image/gif":
		return codec{gif.DecodeConfig, gif.Decode}, true
	case "image/webp":
		return codec{webp.DecodeConfig, webp.Decode}, true
	default:
		return codec{}, false
	}
}

// depict measures a picture and makes its thumbnail, one picture at a time. What only looks like one stays a file.
func (s *Server) depict(f *received) error {
	file, err := s.vault.open(f.key)
	if err != nil {
		return err
	}
	defer file.Close()
	head := make([]byte, sniffBytes)
	n, err := io.ReadFull(file, head)
	if err != nil && n == 0 {
		return nil
	}
	with, known := codecOf(head[:n])
	if !known {
		return nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read a picture: %w", err)
	}
	config, err := with.config(file)
	if err != nil || config.Width <= 0 || config.Height <= 0 {
		return nil // a broken picture is a file like any other
	}
	f.width, f.height = config.Width, config.Height
	if int64(config.Width)*int64(config.Height) > maxPixels {
		return nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read a picture: %w", err)
	}
	s.painting.Lock()
	defer s.painting.Unlock()
	picture, err := with.decode(file)
	if err != nil {
		return nil
	}
	f.thumb, err = s.thumbnail(picture)
	return err
}

// thumbnail stores a small PNG of a picture.
func (s *Server) thumbnail(picture image.Image) (*received, error) {
	size := picture.Bounds().Size()
	longer := max(size.X, size.Y)
	small := image.NewRGBA(image.Rect(0, 0, max(size.X*thumbSide/max(longer, thumbSide), 1), max(size.Y*thumbSide/max(longer, thumbSide), 1)))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), picture, picture.Bounds(), draw.Src, nil)
	var out bytes.Buffer
	if err := png.Encode(&out, small); err != nil {
		return nil, fmt.Errorf("encode a thumbnail: %w", err)
	}
	key, n, err := s.vault.take(&out)
	if err != nil {
		return nil, err
	}
	return &received{key: key, size: n, width: small.Rect.Dx(), height: small.Rect.Dy()}, nil
}
