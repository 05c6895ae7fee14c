package conversation_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// attended is a thread whose customer went through the bot and has had so many answers of an agent.
func attended(answers int) conversation.Thread {
	at := time.Date(2026, 11, 16, 13, 17, 41, 318_204_977, time.UTC)
	const number, contact = "106540352242922", "01KCNTACTPCRZ1023FNX15P0P7"
	session := conversation.SessionID(number, contact, 1)
	t := conversation.NewThread(number, contact)
	t.Contact = conversation.Contact{
		ID: contact, Name: "Tereza Farias", WaID: "5593906356072", UserID: "BR.4328978048534405155", Zendesk: 39870037963556, Email: "tereza@serraazul.com.br",
	}
	t.Count, t.NextEffect, t.LastInbound, t.Registered = 1, 20, at.Truncate(time.Second), true
	t.Newest = "wamid.HBgNNTU5MzkwNjM1NjA3MhUCABIYFDNBMDAyMjBCQTk4QzQ2Mjg5NjdCAA=="
	t.Conversation = &conversation.Conversation{
		Session: session, State: conversation.StateActive, Started: at, First: "wamid.HBgNNTU5MzkwNjM1NjA3MhUCABIYFDNBMDBCM0MzOUJENTUyNDE2OTYwAA==",
		Attended: true, Owner: 39871000000801, Lines: 38,
		Ticket: conversation.Ticket{
			ID: 1000003, Status: "open", Own: []int64{40210702599555, 40210301292884, 40210211167550}, Seen: at.Truncate(time.Second), Subject: "Faturamento e NF-e",
			Assignee: 39871000000801, Organization: 39872000000004, UpdatedAt: at.Truncate(time.Second), Tags: []string{"whatsapp"}, TagsKnown: true, Session: session,
		},
		Procedure: conversation.Procedure{
			Number: "261116-004", Queue: "Suporte N1", Category: "Distribuição::Linha Winthor::14::1400::Emissão de NF-e", Subject: "Faturamento e NF-e", Derived: at,
			Organization: &conversation.Organization{ID: 39872000000004, Name: "Distribuidora Serra Azul Ltda", CNPJ: "11222333000181", Pending: conversation.PendingNo, At: at},
		},
		Clock: conversation.Clock{Waits: at.Add(193456789), Had: at.Add(2 * time.Minute), Answered: at.Add(3 * time.Minute), Attention: true},
	}
	for n := range answers {
		t.Follow(conversation.Delivery{
			Effect: fmt.Sprint(n), MessageID: fmt.Sprintf("wamid.HBgNNTU5MzkwNjM1NjA3MhUCABIYFDNBMDBFOTZC%018dAA==", n*7919), State: conversation.DeliveryRead,
			At: at.Add(time.Duration(n) * 40_123_456_789),
		})
	}
	return t
}

// A state comes back as it was, and takes much less room than its JSON.
func TestStateRoundTrip(t *testing.T) {
	t.Parallel()
	for answers, most := range map[int]float64{2: 0.45, 6: 0.4, 40: 0.33} {
		want := attended(answers)
		raw, err := conversation.EncodeState(want)
		if err != nil {
			t.Fatal(err)
		}
		var got conversation.Thread
		if err := conversation.DecodeState(raw, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d answers (-stored +read):\n%s", answers, diff)
		}
		plain, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if share := float64(len(raw)) / float64(len(plain)); share > most {
			t.Errorf("%d answers: %d bytes of %d, %.2f; want at most %.2f", answers, len(raw), len(plain), share, most)
		}
		again, err := conversation.StateJSON(raw)
		if err != nil || !bytes.Equal(again, plain) {
			t.Errorf("%d answers: the JSON is %s, %v", answers, again, err)
		}
	}
}

// What earlier versions stored is read, and so is what is too short to be packed.
func TestStateInPlainJSON(t *testing.T) {
	t.Parallel()
	want := attended(3)
	plain, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got conversation.Thread
	if err := conversation.DecodeState(plain, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-stored +read):\n%s", diff)
	}
	short, err := conversation.EncodeState(conversation.Job{})
	if err != nil || short[0] != '{' {
		t.Errorf("a short state is stored as %q, %v", short, err)
	}
	var job conversation.Job
	if err := conversation.DecodeState(short, &job); err != nil {
		t.Error(err)
	}
	if err := conversation.DecodeState(nil, &job); err != nil {
		t.Errorf("nothing: %v", err)
	}
}

// Every text comes back as it was, never much longer than it is.
func TestPackAnything(t *testing.T) {
	t.Parallel()
	pieces := []*rapid.Generator[string]{
		rapid.String(), rapid.StringMatching(`[0-9:.TZ-]{0,70}`), rapid.StringMatching(`[0-9A-Za-z]{0,80}`), rapid.StringMatching(`(","s":"read","at":"){0,30}`),
		rapid.StringMatching(`a{0,300}`), rapid.SampledFrom([]string{`"wamid.HBgNNTUx`, `{"n":"1","c":{"id":"01K`, `","st":"queued","at":"2026-11-`}),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 200), func(b []byte) string { return string(b) }),
	}
	rapid.Check(t, func(t *rapid.T) {
		plain := []byte("{" + strings.Join(rapid.SliceOfN(rapid.OneOf(pieces...), 0, 40).Draw(t, "pieces"), ""))
		packed := conversation.PackState(plain)
		if len(packed) > len(plain) {
			t.Fatalf("%d bytes became %d", len(plain), len(packed))
		}
		got, err := conversation.StateJSON(packed)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("%q came back as %q, %v", plain, got, err)
		}
	})
}

// What repeats from farther away than a repeat reaches is kept all the same.
func TestPackLong(t *testing.T) {
	t.Parallel()
	block := strings.Repeat("x", 70_000)
	for _, plain := range []string{
		strings.Repeat(`{"line":"the same words again and again"}`, 5_000), `{"unique words, once"` + block + `"unique words, once"`, `{` + strings.Repeat("é", 40_000),
	} {
		packed := conversation.PackState([]byte(plain))
		got, err := conversation.StateJSON(packed)
		if err != nil || string(got) != plain {
			t.Errorf("%d bytes, packed in %d, came back as %d, %v", len(plain), len(packed), len(got), err)
		}
		if len(packed) > len(plain)/10 {
			t.Errorf("%d bytes became %d", len(plain), len(packed))
		}
	}
}

// Damage is an error or another text, never a panic and never more memory than a state needs.
func TestStateGarbage(t *testing.T) {
	t.Parallel()
	whole, err := conversation.EncodeState(attended(6))
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n < len(whole); n++ {
		if got, err := conversation.StateJSON(whole[:n]); err == nil {
			t.Fatalf("cut to %d of %d bytes it is %q", n, len(whole), got)
		}
	}
	for name, raw := range map[string][]byte{
		"no length":                 {1},
		"a length without an end":   {1, 0x80},
		"a length beyond all":       {1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 'x'},
		"more than was said":        {1, 1, 1, 'a', 'b'},
		"less than was said":        {1, 5, 1, 'a', 'b'},
		"half a repeat":             {1, 5, 0xc0, 0},
		"half a near repeat":        {1, 5, 0x80},
		"a repeat of nothing":       {1, 5, 0xc0, 0xff, 0xff},
		"half a run":                {1, 9, 0x00 + 8, 'a'},
		"half a run of four bits":   {1, 9, 0x40 + 8, 'a'},
		"half a run of six bits":    {1, 9, 0x60 + 8, 'a'},
		"another version":           {2, 5, 1, 'a', 'b'},
		"something else altogether": []byte("not a state"),
	} {
		var got conversation.Thread
		if err := conversation.DecodeState(raw, &got); err == nil || !strings.HasPrefix(err.Error(), "read state: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		raw := append([]byte{1}, rapid.SliceOfN(rapid.Byte(), 0, 400).Draw(t, "bytes")...)
		got, err := conversation.StateJSON(raw)
		if err == nil && len(got) > 23*len(raw) {
			t.Fatalf("%d bytes became %d", len(raw), len(got))
		}
		broken := bytes.Clone(whole)
		broken[rapid.IntRange(0, len(broken)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
		_, _ = conversation.StateJSON(broken) // anything but a panic
	})
}

// What is stored must be readable for good: neither the dictionary nor the steps may change under the same first byte.
func TestPackedStateOfLongAgo(t *testing.T) {
	t.Parallel()
	packed, err := hex.DecodeString(strings.Join(strings.Fields(longAgo), ""))
	if err != nil {
		t.Fatal(err)
	}
	var got conversation.Thread
	if err := conversation.DecodeState(packed, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(attended(2), got); diff != "" {
		t.Errorf("(-stored +read):\n%s", diff)
	}
}

func BenchmarkEncodeState(b *testing.B) {
	plain, err := json.Marshal(attended(6))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	packed := 0
	for b.Loop() {
		packed = len(conversation.PackState(plain))
	}
	b.ReportMetric(float64(len(plain)), "json-bytes")
	b.ReportMetric(float64(packed), "packed-bytes")
}

func BenchmarkDecodeState(b *testing.B) {
	packed, err := conversation.EncodeState(attended(6))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := conversation.StateJSON(packed); err != nil {
			b.Fatal(err)
		}
	}
}

// longAgo is attended(2) as it was first packed.
const longAgo = `
	01f10bc3040c4d06540352242922cc041a7608d4c00933c2459d74db714d5f5e4fd0fec08d59674deadecdaf85c004380073c604304a939063560720c6043950
	432897804853440510c1076ec1044b4b8700379635568ada00748458004067b1eaeb69aceed50461a8bc002dd600b0c6048cd2047e64d7a4f5dc50a17a41b318
	204977f0d004947fe4cce4c0d8ccd4d8c0dcc8540800486050cd04c0c108cd0c72cce50910d4d4c8d0c4d8e4d8c000008592c504c801313080000033cf04c44d
	0210702599555d840e483012928840880e482111675500005dcb04f09cbf005ac404fc6515ab6eada0c0069f65a3e7be3450002d84f500738971888503303830
	31c205150339383732881202303034cb0522ac5ce1052de80199007dcc0549ac9fcb05564516c004c9055aacbdce05670053824964f80cee94c805654d112223
	33000181d50570d3021c007dcf0511e0050b01313480030330303a3a641268acb001c3a3c105fc8d9fc10525d101b90064e10091c00542013338c405430077d3
	003349511661766fcb05328c240039b7070061b424013230b824d20547013230cb0548ae50ce054ad703647503232304241393843343632383936374208f64d0
	057c0030d10529d803c66514e4d90b40b4008c63d4055bd50193d80603eb00860337393139e20086468a21b44095e6027d5d7d
`
