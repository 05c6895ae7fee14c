package whatsapp_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/whatsapp"
)

// The vector of the platform reference.
const (
	vectorSecret = "app-secret"
	vectorBody   = `{"object":"whatsapp_business_account","entry":[]}`
	vectorDigits = "d3e4f9da0ce6c71ab3dba55929b8eeeee2455349e534924ead19f98d143e904f"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	header := "sha256=" + vectorDigits
	tests := map[string]struct {
		secrets []string
		header  string
		body    string
		want    bool
	}{
		"vector":             {[]string{vectorSecret}, header, vectorBody, true},
		"capital digits":     {[]string{vectorSecret}, "sha256=" + strings.ToUpper(vectorDigits), vectorBody, true},
		"rotated, first":     {[]string{vectorSecret, "old"}, header, vectorBody, true},
		"rotated, last":      {[]string{"new", vectorSecret}, header, vectorBody, true},
		"empty among them":   {[]string{"", vectorSecret}, header, vectorBody, true},
		"no secrets":         {nil, header, vectorBody, false},
		"wrong secret":       {[]string{"other"}, header, vectorBody, false},
		"one byte more":      {[]string{vectorSecret}, header, vectorBody + "\n", false},
		"no header":          {[]string{vectorSecret}, "", vectorBody, false},
		"no prefix":          {[]string{vectorSecret}, vectorDigits, vectorBody, false},
		"wrong prefix":       {[]string{vectorSecret}, "sha1=" + vectorDigits, vectorBody, false},
		"too short":          {[]string{vectorSecret}, header[:len(header)-2], vectorBody, false},
		"too long":           {[]string{vectorSecret}, header + "00", vectorBody, false},
		"not hexadecimal":    {[]string{vectorSecret}, "sha256=" + strings.Repeat("z", 64), vectorBody, false},
		"bad last digit":     {[]string{vectorSecret}, header[:len(header)-1] + "g", vectorBody, false},
		"one digit changed":  {[]string{vectorSecret}, header[:len(header)-1] + "e", vectorBody, false},
		"two headers joined": {[]string{vectorSecret}, header + "," + header, vectorBody, false},
		// HMAC-SHA256 of the body under the empty key: what a missing setting must not accept.
		"empty secret": {[]string{""}, "sha256=704eb71c28bbe7c091ca5b8f9446c2bceec023435f33ff17e7fb9634d46333bc", vectorBody, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := whatsapp.Verify(test.secrets, test.header, []byte(test.body)); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// A signature is good for its body and its secret only, down to the last bit.
func TestVerifyProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringN(1, 40, -1).Draw(t, "secret")
		body := rapid.SliceOfN(rapid.Byte(), 1, 200).Draw(t, "body")
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		header := "sha256=" + hex.EncodeToString(mac.Sum(nil))
		if !whatsapp.Verify([]string{"other" + secret, secret}, header, body) {
			t.Fatal("its own signature is refused")
		}
		if whatsapp.Verify([]string{secret + "x", ""}, header, body) {
			t.Fatal("another secret passes")
		}
		changed := bytes.Clone(body)
		changed[rapid.IntRange(0, len(body)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if whatsapp.Verify([]string{secret}, header, changed) || whatsapp.Verify([]string{secret}, header, body[1:]) {
			t.Fatal("another body passes")
		}
		forged := []byte(header)
		forged[rapid.IntRange(0, len(header)-1).Draw(t, "digit")] ^= 1
		if whatsapp.Verify([]string{secret}, string(forged), body) {
			t.Fatalf("%s passes for %s", forged, header)
		}
	})
}

func TestHandshake(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		query, token string
		challenge    string
		ok           bool
	}{
		"subscribe":       {"hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=meu-token", "meu-token", "1158201444", true},
		"escaped":         {"hub.mode=subscribe&hub.challenge=a%20b&hub.verify_token=a%2Bb", "a+b", "a b", true},
		"wrong token":     {"hub.mode=subscribe&hub.challenge=1&hub.verify_token=outro", "meu-token", "", false},
		"prefix of token": {"hub.mode=subscribe&hub.challenge=1&hub.verify_token=meu", "meu-token", "", false},
		"no token":        {"hub.mode=subscribe&hub.challenge=1", "meu-token", "", false},
		"nothing set":     {"hub.mode=subscribe&hub.challenge=1&hub.verify_token=", "", "", false},
		"other mode":      {"hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=meu-token", "meu-token", "", false},
		"no mode":         {"hub.challenge=1&hub.verify_token=meu-token", "meu-token", "", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q, err := url.ParseQuery(test.query)
			if err != nil {
				t.Fatal(err)
			}
			challenge, ok := whatsapp.Handshake(q, test.token)
			if challenge != test.challenge || ok != test.ok {
				t.Errorf("got %q, %v, want %q, %v", challenge, ok, test.challenge, test.ok)
			}
		})
	}
}
