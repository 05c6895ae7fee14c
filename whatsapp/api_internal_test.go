package whatsapp

import (
	"errors"
	"net/http"
	"testing"
)

// Whatever the callers check: nothing but plain ids gets into a path.
func TestNewRequestPath(t *testing.T) {
	t.Parallel()
	cloud := NewCloud(CloudConfig{BaseURL: "https://graph.example/x/", Version: "v26.0", Token: "t"})
	dialog := NewDialog360(Dialog360Config{BaseURL: "https://d360.example", Key: "k"})
	for _, test := range []struct {
		api    *api
		number string
		parts  []string
		want   string
	}{
		{&cloud.api, "7001", []string{"messages"}, "https://graph.example/x/v26.0/7001/messages"},
		{&cloud.api, "", []string{"9001"}, "https://graph.example/x/v26.0/9001"},
		{&dialog.api, "7001", []string{"messages"}, "https://d360.example/messages"},
		{&dialog.api, "", []string{"9001"}, "https://d360.example/9001"},
		{&cloud.api, "..", []string{"messages"}, ""},
		{&cloud.api, "7001", []string{".."}, ""},
		{&cloud.api, "7001", []string{"a/b"}, ""},
		{&cloud.api, "7001", []string{""}, ""},
		{&dialog.api, "7001", []string{"%2e%2e"}, ""},
	} {
		req, err := test.api.newRequest(t.Context(), http.MethodGet, test.number, test.parts, nil)
		if test.want == "" {
			if e, ok := errors.AsType[*APIError](err); !ok || e.Class != ClassOurBug || e.HTTPStatus != 0 {
				t.Errorf("%q, %q: got %v", test.number, test.parts, err)
			}
			continue
		}
		if err != nil || req.URL.String() != test.want {
			t.Errorf("%q, %q: got %v, %v, want %s", test.number, test.parts, req, err, test.want)
		}
	}
}
