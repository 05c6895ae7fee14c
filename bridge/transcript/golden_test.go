package transcript_test

import (
	"testing"

	"github.com/ponte-desk/ponte/bridge/transcript"
)

func TestGolden(t *testing.T) {
	t.Parallel()
	public := whole(t)
	public.Public = true
	english := whole(t)
	english.Language = transcript.English
	for name, c := range map[string]transcript.Conversation{"everything": whole(t), "public": public, "english": english, "empty": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fragment, cut := transcript.HTMLFragment(c, 0)
			if cut {
				t.Error("the fragment without limit was cut")
			}
			pdf, err := transcript.PDF(c)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".txt", []byte(transcript.Text(c)))
			golden(t, name+".html", []byte(transcript.HTML(c)))
			golden(t, name+".fragment.html", []byte(fragment))
			golden(t, name+".csv", transcript.CSV(c))
			golden(t, name+".json", transcript.JSON(c))
			golden(t, name+".pdf.txt", []byte(textOfPDF(t, pdf)))
		})
	}
}
