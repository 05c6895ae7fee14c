package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// shared returns a path below the folder "shared" beside the checkout, "" when there is none.
func shared(t *testing.T, path ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
		p := filepath.Join(append([]string{dir, "shared"}, path...)...)
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	t.Logf("no shared folder beside the checkout: %s is not checked", filepath.Join(path...))
	return ""
}

// contract loads Meta's OpenAPI description; additional properties must be allowed or its own samples fail.
func contract(t *testing.T, server string) routers.Router {
	t.Helper()
	file := shared(t, "contracts", "whatsapp-cloud-api.yaml")
	if file == "" {
		return nil
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	raw = bytes.ReplaceAll(raw, []byte("additionalProperties: false"), []byte("additionalProperties: true"))
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers = openapi3.Servers{{URL: server}}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return router
}

// check validates a response, and the request that led to it, against the contract.
func check(t *testing.T, router routers.Router, name string, req *http.Request, body []byte, status int, header http.Header, answer []byte) {
	t.Helper()
	route, params, err := router.FindRoute(req)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	in := &openapi3filter.RequestValidationInput{
		Request: req, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	}
	if err := openapi3filter.ValidateRequest(t.Context(), in); err != nil {
		t.Errorf("%s: request: %v", name, err)
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: status, Header: header, Options: in.Options}
	out.SetBodyBytes(answer)
	if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil {
		t.Errorf("%s: answer %s: %v", name, answer, err)
	}
}

func TestAnswersMeetTheContract(t *testing.T) {
	t.Parallel()
	w := setup(t)
	router := contract(t, w.api.URL)
	if router == nil {
		return
	}
	known := w.write(mariana, "oi")
	for name, body := range map[string]object{
		"text":     {"type": "text", "text": object{"body": "olá"}},
		"image":    {"type": "image", "image": object{"link": "https://example.com/a.png"}},
		"contacts": {"type": "contacts", "contacts": []object{{"name": object{"formatted_name": "Ana", "first_name": "Ana"}}}},
		"reaction": {"type": "reaction", "reaction": object{"message_id": known, "emoji": "👍"}},
		"buttons":  buttons("Sim", "Não"),
		"list":     list(object{"title": "Filas", "rows": rows(3)}),
	} {
		body["messaging_product"], body["recipient_type"], body["to"] = "whatsapp", "individual", "+5511987650142"
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		status, header, answer, req := w.exchange(t, "POST", messages, raw)
		if status != 200 {
			t.Errorf("%s: %d %s", name, status, answer)
			continue
		}
		check(t, router, name, req, raw, status, header, answer)
	}
}

func (w *world) exchange(t *testing.T, method, path string, body []byte) (int, http.Header, []byte, *http.Request) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, w.api.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer demo")
	res, err := new(http.Client).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, answer, req
}

// TestSampleRequests sends Meta's own samples of bodies; those that name what the sandbox does not have are refused
// with the matching code, the others are accepted.
func TestSampleRequests(t *testing.T) {
	t.Parallel()
	dir := shared(t, "corpus", "whatsapp", "facebook-openapi-requests")
	if dir == "" {
		return
	}
	files, err := filepath.Glob(filepath.Join(dir, "messages_post_req_*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	w := setup(t)
	accepted := 0
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var out object
		if err := json.Unmarshal(raw, &out); err != nil {
			t.Fatal(err)
		}
		out["to"] = "+5511987650142" // the samples have placeholders
		if content, ok := out[fmt.Sprint(out["type"])].(object); ok && content["link"] != nil {
			content["link"] = "https://example.com/file"
		}
		if raw, err = json.Marshal(out); err != nil {
			t.Fatal(err)
		}
		status, _, answer, _ := w.exchange(t, "POST", messages, raw)
		out = nil
		if err := json.Unmarshal(answer, &out); err != nil {
			t.Errorf("%s: %d %q", filepath.Base(f), status, answer)
			continue
		}
		if status == 200 {
			accepted++
			continue
		}
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(f), "messages_post_req_"), ".json")
		switch code(out) {
		case 100, 131008, 131009, 131051, 132001:
			t.Logf("%s: %s", name, out["error"].(object)["error_data"].(object)["details"])
		default:
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
	if accepted < 15 {
		t.Errorf("only %d of %d samples accepted", accepted, len(files))
	}
}
