package desk_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// drawn is a picture of some colours.
func drawn(width, height int) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		for y := range height {
			out.Set(x, y, color.RGBA{R: uint8(x), G: uint8(y), B: 200, A: 255})
		}
	}
	return out
}

func encoded(t *testing.T, encode func(io.Writer, image.Image) error, width, height int) string {
	t.Helper()
	var out bytes.Buffer
	if err := encode(&out, drawn(width, height)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func asJPEG(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, nil) }

func asGIF(w io.Writer, m image.Image) error { return gif.Encode(w, m, nil) }

// webp is a picture of 1 × 1.
const webp = "UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAgA0JaQAA3AA/vuUAAA="

func TestPictures(t *testing.T) {
	t.Parallel()
	tiny, err := base64.StdEncoding.DecodeString(webp)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		content       string
		width, height any
		small         []int // of the thumbnail, nil for none
	}{
		"PNG":                    {encoded(t, png.Encode, 300, 150), 300, 150, []int{80, 40}},
		"JPEG":                   {encoded(t, asJPEG, 100, 400), 100, 400, []int{20, 80}},
		"GIF":                    {encoded(t, asGIF, 90, 90), 90, 90, []int{80, 80}},
		"WebP":                   {string(tiny), 1, 1, []int{1, 1}},
		"small":                  {encoded(t, png.Encode, 10, 5), 10, 5, []int{10, 5}},
		"a line":                 {encoded(t, png.Encode, 2000, 1), 2000, 1, []int{80, 1}},
		"huge":                   {hugePNG(t, 60_000, 60_000), 60_000, 60_000, nil},
		"cut short":              {encoded(t, png.Encode, 300, 150)[:100], 300, 150, nil},
		"only looks like one":    {"\x89PNG\r\n\x1a\n" + strings.Repeat("x", 100), nil, nil, nil},
		"text":                   {"não é uma imagem", nil, nil, nil},
		"a document with a PNG.": {"%PDF-1.4 " + encoded(t, png.Encode, 9, 9), nil, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			dir := t.TempDir()
			b.restart(dir)
			r := b.upload("filename=foto.da.tela.png", "image/png", tt.content).want(201)
			r.is(tt.width, "upload", "attachment", "width").is(tt.height, "upload", "attachment", "height")
			if r.len("upload", "attachment", "thumbnails") != min(len(tt.small), 1) {
				t.Fatalf("thumbnails: %s", r.raw)
			}
			if tt.small == nil {
				return
			}
			r.is(tt.small[0], "upload", "attachment", "thumbnails", 0, "width").
				is(tt.small[1], "upload", "attachment", "thumbnails", 0, "height").
				is("image/png", "upload", "attachment", "thumbnails", 0, "content_type").
				is("foto.da.tela_thumb.png", "upload", "attachment", "thumbnails", 0, "file_name").
				is(nil, "upload", "attachment", "thumbnails", 0, "thumbnails")
			w := b.download(r.text("upload", "attachment", "thumbnails", 0, "content_url"))
			got, err := png.Decode(w.Body)
			if err != nil || got.Bounds().Dx() != tt.small[0] || got.Bounds().Dy() != tt.small[1] {
				t.Errorf("thumbnail %v, %v", got, err)
			}
			b.call("DELETE", "/api/v2/uploads/"+r.text("upload", "token"), nil).want(204)
			if left := filesIn(t, dir); len(left) != 0 {
				t.Errorf("files left: %v", left)
			}
		})
	}
}

// hugePNG claims to be larger than it is.
func hugePNG(t *testing.T, width, height uint32) string {
	t.Helper()
	raw := []byte(encoded(t, png.Encode, 4, 4))
	for i, v := range []uint32{width, height} {
		at := 16 + 4*i
		raw[at], raw[at+1], raw[at+2], raw[at+3] = byte(v>>24), byte(v>>16), byte(v>>8), byte(v)
	}
	sum := crc(raw[12:29])
	raw[29], raw[30], raw[31], raw[32] = byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum)
	return string(raw)
}

// crc is the check sum of PNG's chunks.
func crc(data []byte) uint32 {
	sum := ^uint32(0)
	for _, c := range data {
		sum ^= uint32(c)
		for range 8 {
			sum = sum>>1 ^ 0xedb88320*(sum&1)
		}
	}
	return ^sum
}

func TestPicturesInTheText(t *testing.T) {
	t.Parallel()
	b := setup(t)
	up := b.upload("filename=a.png", "image/png", encoded(t, png.Encode, 9, 9)).want(201)
	beside := b.upload("filename=b.png&token="+up.text("upload", "token"), "image/png", encoded(t, png.Encode, 9, 9)).want(201)
	link := up.text("upload", "attachment", "content_url")
	id := b.ticket(object{"comment": object{
		"html_body": `<p>veja <img src="` + link + `"></p>`, "uploads": []string{beside.text("upload", "token")},
	}})
	r := b.get(ticketPath(id, "/comments")).want(200)
	r.is(true, "comments", 0, "attachments", 0, "inline").is(false, "comments", 0, "attachments", 1, "inline")
	r.is("veja ![]("+link+")", "comments", 0, "body").is("veja", "comments", 0, "plain_body")
	if !strings.Contains(r.text("comments", 0, "html_body"), link) {
		t.Errorf("html %s", r.text("comments", 0, "html_body"))
	}
}

// zeros is an endless file.
type zeros struct{}

// Read implements io.Reader.
func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestAHundredMegabytesTakeNoMemory runs alone, before the tests that run side by side: it measures what is allocated.
func TestAHundredMegabytesTakeNoMemory(t *testing.T) {
	const size = 120 << 20
	b := setup(t, func(c *desk.Config) { c.MaxFileSize = size })
	b.restart(filepath.Join(t.TempDir(), "x"))
	server := httptest.NewServer(b.desk.API())
	t.Cleanup(server.Close)
	send := func(body io.Reader, length int64) *http.Response {
		req, err := http.NewRequestWithContext(t.Context(), "POST", server.URL+"/api/v2/uploads?filename=filme.mp4", body)
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = length
		req.Header.Set("Content-Type", "video/mp4")
		req.Header.Set("Authorization", "Bearer "+desk.DemoToken)
		res, err := server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	b.get("/api/v2/users/me").want(200) // has the contract read
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	res := send(io.LimitReader(zeros{}, size), size)
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 201 {
		t.Fatalf("status %d, %v: %s", res.StatusCode, err, raw)
	}
	id := b.ticket(object{"comment": object{"uploads": []string{jsonText(t, raw, "upload", "token")}}})
	file := b.desk.Comments(id)[0].Files[0]
	got, err := server.Client().Get(strings.Replace(file.ContentURL, baseURL, server.URL, 1))
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, got.Body)
	got.Body.Close()
	runtime.ReadMemStats(&after)
	if err != nil || n != size || file.Size != size {
		t.Errorf("%d bytes of %d came back, %v", n, file.Size, err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 2<<20 {
		t.Errorf("%d kB were allocated on the way", took>>10)
	}
	// One byte more, announced or not, is refused and leaves nothing behind.
	for _, length := range []int64{size + 1, -1} {
		if res := send(io.LimitReader(zeros{}, size+1), length); res.StatusCode != 413 {
			t.Errorf("length %d: status %d", length, res.StatusCode)
		}
	}
}
