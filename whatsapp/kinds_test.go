package whatsapp_test

import (
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/whatsapp"
)

const openXML = "application/vnd.openxmlformats-officedocument."

func TestKindOf(t *testing.T) {
	t.Parallel()
	for mime, want := range map[string]struct {
		kind     string
		limit    int64
		listed   bool
		animated bool
	}{
		"image/jpeg":                     {whatsapp.TypeImage, 5 << 20, true, false},
		"image/png":                      {whatsapp.TypeImage, 5 << 20, true, false},
		"IMAGE/JPG":                      {whatsapp.TypeImage, 5 << 20, true, false},
		"image/webp":                     {whatsapp.TypeSticker, 100 << 10, true, false},
		"image/webp; x=y":                {whatsapp.TypeSticker, 500 << 10, true, true},
		"video/mp4":                      {whatsapp.TypeVideo, 16 << 20, true, false},
		"video/3gpp":                     {whatsapp.TypeVideo, 16 << 20, true, false},
		"audio/aac":                      {whatsapp.TypeAudio, 16 << 20, true, false},
		"audio/amr":                      {whatsapp.TypeAudio, 16 << 20, true, false},
		"audio/mpeg":                     {whatsapp.TypeAudio, 16 << 20, true, false},
		"audio/mp3":                      {whatsapp.TypeAudio, 16 << 20, true, false},
		"audio/x-m4a":                    {whatsapp.TypeAudio, 16 << 20, true, false},
		"audio/ogg":                      {whatsapp.TypeAudio, 16 << 20, true, false},
		"audio/ogg; codecs=opus":         {whatsapp.TypeAudio, 16 << 20, true, false},
		`audio/ogg; codecs="OPUS"`:       {whatsapp.TypeAudio, 16 << 20, true, false},
		"audio/ogg; codecs=vorbis":       {whatsapp.TypeDocument, 100 << 20, false, false},
		"text/plain; charset=utf-8":      {whatsapp.TypeDocument, 100 << 20, true, false},
		"application/pdf":                {whatsapp.TypeDocument, 100 << 20, true, false},
		"application/msword":             {whatsapp.TypeDocument, 100 << 20, true, false},
		openXML + "spreadsheetml.sheet":  {whatsapp.TypeDocument, 100 << 20, true, false},
		"application/vnd.ms-powerpoint":  {whatsapp.TypeDocument, 100 << 20, true, false},
		"text/xml":                       {whatsapp.TypeDocument, 100 << 20, false, false},
		"application/zip":                {whatsapp.TypeDocument, 100 << 20, false, false},
		"text/csv":                       {whatsapp.TypeDocument, 100 << 20, false, false},
		"image/heic":                     {whatsapp.TypeDocument, 100 << 20, false, false},
		"image/svg+xml":                  {whatsapp.TypeDocument, 100 << 20, false, false},
		"video/quicktime":                {whatsapp.TypeDocument, 100 << 20, false, false},
		"audio/wav":                      {whatsapp.TypeDocument, 100 << 20, false, false},
		"application/octet-stream":       {whatsapp.TypeDocument, 100 << 20, false, false},
		"":                               {whatsapp.TypeDocument, 100 << 20, false, false},
		"nonsense;;":                     {whatsapp.TypeDocument, 100 << 20, false, false},
		"image/jpeg; broken parameter; ": {whatsapp.TypeImage, 5 << 20, true, false},
	} {
		kind, limit, listed := whatsapp.KindOf(mime, want.animated)
		if kind != want.kind || limit != want.limit || listed != want.listed {
			t.Errorf("KindOf(%q) = %s, %d, %v", mime, kind, limit, listed)
		}
	}
}

func TestFits(t *testing.T) {
	t.Parallel()
	const mb = 1 << 20
	program := "” não foi enviado: por segurança, arquivos executáveis e scripts não seguem pelo WhatsApp. Envie um link oficial para download."
	large := " não foi enviado: o WhatsApp aceita documentos de até 100 MB. Envie um link ou divida o arquivo."
	exe, docx := "application/vnd.microsoft.portable-executable", openXML+"wordprocessingml.document"
	for name, tt := range map[string]struct {
		file          whatsapp.FileInfo
		kind, refusal string
	}{
		"picture":                          {whatsapp.FileInfo{Name: "a.jpg", MIME: "image/jpeg", Size: 5 * mb}, whatsapp.TypeImage, ""},
		"large picture":                    {whatsapp.FileInfo{Name: "a.jpg", MIME: "image/jpeg", Size: 5*mb + 1}, whatsapp.TypeDocument, ""},
		"sound":                            {whatsapp.FileInfo{Name: "a.ogg", MIME: "audio/ogg; codecs=opus", Size: 16 * mb}, whatsapp.TypeAudio, ""},
		"large sound":                      {whatsapp.FileInfo{Name: "a.mp3", MIME: "audio/mpeg", Size: 17 * mb}, whatsapp.TypeDocument, ""},
		"film":                             {whatsapp.FileInfo{Name: "a.mp4", MIME: "video/mp4", Size: mb}, whatsapp.TypeVideo, ""},
		"large film":                       {whatsapp.FileInfo{Name: "a.mp4", MIME: "video/mp4", Size: 100 * mb}, whatsapp.TypeDocument, ""},
		"moving sticker":                   {whatsapp.FileInfo{Name: "a.webp", MIME: "image/webp", Size: 500 << 10}, whatsapp.TypeSticker, ""},
		"large moving sticker":             {whatsapp.FileInfo{Name: "a.webp", MIME: "image/webp", Size: 501 << 10}, whatsapp.TypeDocument, ""},
		"text":                             {whatsapp.FileInfo{Name: "a.docx", MIME: docx, Size: 100 * mb}, whatsapp.TypeDocument, ""},
		"invoice":                          {whatsapp.FileInfo{Name: "nfe.xml", MIME: "text/xml", Size: 1}, whatsapp.TypeDocument, ""},
		"unknown size":                     {whatsapp.FileInfo{Name: "a.jpg", MIME: "image/jpeg", Size: -1}, whatsapp.TypeImage, ""},
		"picture by the name of a program": {whatsapp.FileInfo{Name: "a.exe", MIME: "image/jpeg", Size: 1}, whatsapp.TypeImage, ""},
		"too large": {
			whatsapp.FileInfo{Name: "planta.dwg", MIME: "image/vnd.dwg", Size: 150 * mb}, "", "“planta.dwg” (150 MB)" + large,
		},
		"a little too large": {
			whatsapp.FileInfo{Name: "../\u202eplanta.dwg", MIME: "image/vnd.dwg", Size: 100*mb + 1}, "", "“planta.dwg” (100,1 MB)" + large,
		},
		"empty": {
			whatsapp.FileInfo{Name: "", MIME: "application/pdf"},
			"",
			"“arquivo.pdf” não foi enviado: o arquivo está vazio. Confira o arquivo e anexe-o de novo.",
		},
		"program":                  {whatsapp.FileInfo{Name: "setup.exe", MIME: exe, Size: 1}, "", "“setup.exe" + program},
		"program in disguise":      {whatsapp.FileInfo{Name: "nota.pdf", MIME: exe, Size: 1}, "", "“nota.pdf" + program},
		"program without a name":   {whatsapp.FileInfo{MIME: exe, Size: 1}, "", "“arquivo.exe" + program},
		"program by its name":      {whatsapp.FileInfo{Name: "nota.pdf.EXE", MIME: "application/octet-stream", Size: 1}, "", "“nota.pdf.EXE" + program},
		"program with a dot":       {whatsapp.FileInfo{Name: "nota.exe. ", MIME: "application/octet-stream", Size: 1}, "", "“nota.exe" + program},
		"program behind a mark":    {whatsapp.FileInfo{Name: "nota.e\u200bxe", MIME: "", Size: 1}, "", "“nota.exe" + program},
		"batch":                    {whatsapp.FileInfo{Name: "limpa.bat", MIME: "text/plain", Size: 1}, "", "“limpa.bat" + program},
		"script":                   {whatsapp.FileInfo{Name: "a.js", MIME: "text/javascript", Size: 1}, "", "“a.js" + program},
		"shell script, no name":    {whatsapp.FileInfo{Name: "a", MIME: "text/x-shellscript", Size: 1}, "", "“a" + program},
		"Android":                  {whatsapp.FileInfo{Name: "a.apk", MIME: "application/zip", Size: 1}, "", "“a.apk" + program},
		"installer":                {whatsapp.FileInfo{Name: "a.msi", MIME: "application/x-ole-storage", Size: 1}, "", "“a.msi" + program},
		"installer, as it is told": {whatsapp.FileInfo{Name: "a.msi", MIME: "application/x-ms-installer", Size: 1}, "", "“a.msi" + program},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, refusal := whatsapp.Fits(tt.file)
			if kind != tt.kind || refusal != tt.refusal {
				t.Errorf("got %q, %q\nwant %q, %q", kind, refusal, tt.kind, tt.refusal)
			}
		})
	}
}

func TestFallbackType(t *testing.T) {
	t.Parallel()
	for mime, want := range map[string]string{
		"text/xml; charset=utf-8": "text/plain", "application/xml": "text/plain", "text/csv": "text/plain", "application/json": "text/plain",
		"image/svg+xml": "text/plain", "text/calendar": "text/plain",
		"text/plain": "", "application/zip": "", "image/heic": "", "text/javascript": "", "": "",
	} {
		if got := whatsapp.FallbackType(mime); got != want {
			t.Errorf("FallbackType(%q) = %q", mime, got)
		}
	}
}

func TestConvertible(t *testing.T) {
	t.Parallel()
	for _, mime := range []string{"image/bmp", "image/x-ms-bmp", "image/tiff", "image/gif", "image/webp; x=y"} {
		if !whatsapp.Convertible(mime) {
			t.Errorf("%s is not", mime)
		}
	}
	for _, mime := range []string{"image/jpeg", "image/png", "image/heic", "application/pdf", ""} {
		if whatsapp.Convertible(mime) {
			t.Errorf("%s is", mime)
		}
	}
}

func TestFilename(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ã", 200)
	for _, tt := range []struct{ name, mime, want string }{
		{"nota.pdf", "application/pdf", "nota.pdf"},
		{"Relatório Março (1).PDF", "application/pdf", "Relatório Março (1).PDF"},
		{"../../etc/passwd", "text/plain", "passwd.txt"},
		{`C:\Users\Ana\nota.pdf`, "application/pdf", "nota.pdf"},
		{"nota.pdf/", "application/pdf", "arquivo.pdf"},
		{"", "application/pdf", "arquivo.pdf"},
		{"", "", "arquivo"},
		{"...", "", "arquivo"},
		{" . ", "image/png", "arquivo.png"},
		{".htaccess", "text/plain", "htaccess.txt"},
		{".pdf", "application/pdf", "pdf.pdf"},
		{"foto", "image/jpeg", "foto.jpg"},
		{"foto.jpeg", "image/jpeg", "foto.jpeg"},
		{"foto.png", "image/jpeg", "foto.jpg"},
		{"foto.jpg.exe", "image/jpeg", "foto.jpg.jpg"},
		{"foto.exe", "image/jpeg", "foto.jpg"},
		{"foto.bat", "image/jpeg", "foto.jpg"},
		{"proposta v1.2", "application/pdf", "proposta v1.2.pdf"},
		{"Sr. João Silva", "application/pdf", "Sr. João Silva.pdf"},
		{"áudio.opus", "audio/ogg; codecs=opus", "áudio.opus"},
		{"voz", "audio/ogg; codecs=opus", "voz.ogg"},
		{"planta.dwg", "image/vnd.dwg", "planta.dwg"},
		{"dados.abc", "application/x-unheard-of", "dados.abc"},
		{"dados.abc", "application/octet-stream", "dados.abc"},
		{"nota.xml", "text/plain", "nota.xml"},
		{"nota.xml", "application/xml", "nota.xml"},
		{"tabela.csv", "text/plain", "tabela.csv"},
		{"tabela.txt", "text/csv", "tabela.txt"},
		{"remessa.001", "text/plain", "remessa.001"},
		{"limpa.bat", "text/plain", "limpa.txt"},
		{"pagina.js", "text/plain", "pagina.txt"},
		{"foto.jpg", "text/html", "foto.html"},
		{"nota\u202efdp.exe", "application/pdf", "notafdp.pdf"},
		{"a\x00b\r\nc\u200b\ufeffd\u2028e.txt", "text/plain", "abcde.txt"},
		{"a\xff\xfeb.txt", "text/plain", "ab.txt"},
		{`a<b>c:d"e|f?g*h.txt`, "text/plain", "a_b_c_d_e_f_g_h.txt"},
		{"a\u00a0\u3000 b .txt", "text/plain", "a b.txt"},
		{"nota.pdf. . ", "application/pdf", "nota.pdf"},
		{"CON", "text/plain", "_CON.txt"},
		{"nul.txt", "text/plain", "_nul.txt"},
		{"com1.tar.gz", "application/gzip", "_com1.tar.gz"},
		{"comum.txt", "text/plain", "comum.txt"},
		{long + ".pdf", "application/pdf", strings.Repeat("ã", 116) + ".pdf"},
		{long, "application/pdf", strings.Repeat("ã", 116) + ".pdf"},
		{"a." + long, "", "a." + strings.Repeat("ã", 118)},
		{strings.Repeat("a", 115) + ". b.pdf", "application/pdf", strings.Repeat("a", 115) + ".pdf"},
		{"😀👩‍🔧.png", "image/png", "😀👩🔧.png"},
	} {
		if got := whatsapp.Filename(tt.name, tt.mime); got != tt.want {
			t.Errorf("Filename(%q, %q) = %q, want %q", tt.name, tt.mime, got, tt.want)
		}
	}
}
