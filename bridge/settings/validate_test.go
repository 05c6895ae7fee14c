package settings_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
)

// Every setting has a range or a form, at both ends.
func TestValidate(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 2001)
	for name, tt := range map[string]struct {
		change func(*settings.Operation, *settings.Number)
		want   []string // none: it is right
	}{
		"as it is":           {func(*settings.Operation, *settings.Number) {}, nil},
		"requests, lowest":   {func(o *settings.Operation, _ *settings.Number) { o.Account.RequestsPerMinute = 0 }, nil},
		"requests, below":    {func(o *settings.Operation, _ *settings.Number) { o.Account.RequestsPerMinute = -1 }, []string{"account.requests_per_minute: -1 is out of range: from 0 to 100000"}},
		"updates, below":     {func(o *settings.Operation, _ *settings.Number) { o.Account.UpdatesPerMinute = 0 }, []string{"account.updates_per_minute: 0 is out of range: from 1 to 10000"}},
		"share, lowest":      {func(o *settings.Operation, _ *settings.Number) { o.Account.HumanShare = 0 }, nil},
		"share, below":       {func(o *settings.Operation, _ *settings.Number) { o.Account.HumanShare = -0.1 }, []string{"account.human_share: -0.1 is out of range: from 0 to below 1"}},
		"share, no number":   {func(o *settings.Operation, _ *settings.Number) { o.Account.HumanShare = math.NaN() }, []string{"account.human_share: NaN is out of range: from 0 to below 1"}},
		"name":               {func(_ *settings.Operation, n *settings.Number) { n.Name = " " }, []string{"default.name: is empty"}},
		"name, too long":     {func(_ *settings.Operation, n *settings.Number) { n.Name = long }, []string{"default.name: is longer than 100 characters"}},
		"name, binary":       {func(_ *settings.Operation, n *settings.Number) { n.Name = "a\x00" }, []string{"default.name: holds a control character"}},
		"name, not UTF-8":    {func(_ *settings.Operation, n *settings.Number) { n.Name = "a\xff" }, []string{"default.name: is not valid UTF-8"}},
		"language":           {func(_ *settings.Operation, n *settings.Number) { n.Language = "" }, []string{`default.language: "" is none of pt-BR, en`}},
		"provider":           {func(_ *settings.Operation, n *settings.Number) { n.Provider = "x" }, []string{`default.provider: "x" is none of cloud, 360dialog`}},
		"mode":               {func(_ *settings.Operation, n *settings.Number) { n.Mode = "x" }, []string{`default.mode: "x" is none of mirror, transcript_only`}},
		"read":               {func(_ *settings.Operation, n *settings.Number) { n.Read = "x" }, []string{`default.read: "x" is none of never, arrival, reply`}},
		"at end":             {func(_ *settings.Operation, n *settings.Number) { n.Transcript.AtEnd = "x" }, []string{`default.transcript.at_end: "x" is none of none, private, public`}},
		"quiet = longest":    {func(_ *settings.Operation, n *settings.Number) { n.Quiet, n.Longest = 10*time.Minute, 10*time.Minute }, nil},
		"no quiet time":      {func(_ *settings.Operation, n *settings.Number) { n.Quiet, n.Longest = 0, 0 }, nil},
		"quiet > longest":    {func(_ *settings.Operation, n *settings.Number) { n.Quiet = 61 * time.Second }, []string{"default.quiet: 1m1s is longer than longest, 1m"}},
		"quiet, below":       {func(_ *settings.Operation, n *settings.Number) { n.Quiet = -1 }, []string{"default.quiet: -1ns is out of range: from 0s to 10m"}},
		"longest, above":     {func(_ *settings.Operation, n *settings.Number) { n.Longest = 10*time.Minute + 1 }, []string{"default.longest: 10m0.000000001s is out of range: from 0s to 10m"}},
		"status wait":        {func(_ *settings.Operation, n *settings.Number) { n.StatusWait = time.Hour }, []string{"default.status_wait: 1h is out of range: from 0s to 10m"}},
		"per second, lowest": {func(_ *settings.Operation, n *settings.Number) { n.PerSecond = 1 }, nil},
		"per second, below":  {func(_ *settings.Operation, n *settings.Number) { n.PerSecond = 0 }, []string{"default.per_second: 0 is out of range: from 1 to 1000"}},
		"per second, above":  {func(_ *settings.Operation, n *settings.Number) { n.PerSecond = 1001 }, []string{"default.per_second: 1001 is out of range: from 1 to 1000"}},
		"subject":            {func(_ *settings.Operation, n *settings.Number) { n.Subject = long }, []string{"default.subject: is longer than 150 characters"}},
		"no tags":            {func(_ *settings.Operation, n *settings.Number) { n.Tags = nil }, nil},
		"empty tag":          {func(_ *settings.Operation, n *settings.Number) { n.Tags = []string{"a", ""} }, []string{"default.tags: has an empty tag"}},
		"tag with a space":   {func(_ *settings.Operation, n *settings.Number) { n.Tags = []string{"a b"} }, []string{`default.tags: has the tag "a b": tags hold neither spaces nor commas`}},
		"tag with a comma":   {func(_ *settings.Operation, n *settings.Number) { n.Tags = []string{"a,b"} }, []string{`default.tags: has the tag "a,b": tags hold neither spaces nor commas`}},
		"tag not UTF-8":      {func(_ *settings.Operation, n *settings.Number) { n.Tags = []string{"\xff"} }, []string{"default.tags: has a tag that is not valid UTF-8"}},
		"tag twice":          {func(_ *settings.Operation, n *settings.Number) { n.Tags = []string{"a", "b", "a"} }, []string{`default.tags: has the tag "a" twice`}},
		"tag, too long":      {func(_ *settings.Operation, n *settings.Number) { n.Tags = []string{strings.Repeat("a", 81)} }, []string{`default.tags: has the tag "` + strings.Repeat("a", 40) + `…": it is longer than 80 characters`}},
		"tags, too many":     {func(_ *settings.Operation, n *settings.Number) { n.Tags = make([]string, 51) }, []string{"default.tags: has more than 50 tags"}},
		"no zone":            {func(_ *settings.Operation, n *settings.Number) { n.Zone = nil }, []string{`default.zone: "" is no time zone: write an IANA name, such as America/Sao_Paulo`}},
		"a machine's zone":   {func(_ *settings.Operation, n *settings.Number) { n.Zone = time.Local }, []string{`default.zone: "Local" is no time zone: write an IANA name, such as America/Sao_Paulo`}},
		"a fixed zone":       {func(_ *settings.Operation, n *settings.Number) { n.Zone = time.FixedZone("BRT", -10800) }, []string{`default.zone: "BRT" is no time zone: write an IANA name, such as America/Sao_Paulo`}},
		"UTC":                {func(_ *settings.Operation, n *settings.Number) { n.Zone = time.UTC }, nil},
		"margin, highest":    {func(_ *settings.Operation, n *settings.Number) { n.Window.Margin = time.Hour }, nil},
		"margin, above":      {func(_ *settings.Operation, n *settings.Number) { n.Window.Margin = time.Hour + time.Second }, []string{"default.window.margin: 1h0m1s is out of range: from 0s to 1h"}},
		"inbound, lowest":    {func(_ *settings.Operation, n *settings.Number) { n.Files.MostInbound = 1 }, nil},
		"inbound, below":     {func(_ *settings.Operation, n *settings.Number) { n.Files.MostInbound = 0 }, []string{"default.files.most_inbound: 0 B is out of range: from 1 B to 100 MB"}},
		"inbound, above":     {func(_ *settings.Operation, n *settings.Number) { n.Files.MostInbound = 100<<20 + 1 }, []string{"default.files.most_inbound: 104857601 B is out of range: from 1 B to 100 MB"}},
		"caption, lowest":    {func(_ *settings.Operation, n *settings.Number) { n.Files.MostCaption = 0 }, nil},
		"caption, above":     {func(_ *settings.Operation, n *settings.Number) { n.Files.MostCaption = 101 << 20 }, []string{"default.files.most_caption: 101 MB is out of range: from 0 B to 100 MB"}},
		"keep, below":        {func(_ *settings.Operation, n *settings.Number) { n.Keep.Transcripts = time.Minute }, []string{"default.keep.transcripts: 1m is out of range: from 1h to 3650d"}},
		"text, empty":        {func(_ *settings.Operation, n *settings.Number) { n.Texts.Conflict = "" }, []string{"default.texts.conflict: is empty"}},
		"text, too long":     {func(_ *settings.Operation, n *settings.Number) { n.Texts.PhoneLost = long }, []string{"default.texts.phone_lost: is longer than 2000 characters"}},
		"text, two lines":    {func(_ *settings.Operation, n *settings.Number) { n.Texts.PhoneLost = "a\nb" }, nil},
		"number's name": {
			func(o *settings.Operation, n *settings.Number) {
				o.Numbers = map[string]settings.Number{"x": *n}
			},
			[]string{"numbers.x: is no phone_number_id: digits only"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := settings.DefaultOperation()
			tt.change(&o, &o.Default)
			err := o.Validate()
			if len(tt.want) == 0 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			mistakes(t, err, tt.want...)
		})
	}
}

// A text takes exactly the placeholders of its default, in their order.
func TestValidateTexts(t *testing.T) {
	t.Parallel()
	const template, attachments, lost = "default.texts.template: ", "default.texts.no_attachments: ", "default.texts.phone_lost: "
	for name, tt := range map[string]struct {
		change func(*settings.Texts)
		want   string
	}{
		"both":           {func(x *settings.Texts) { x.Template = "%s: %s" }, ""},
		"percent sign":   {func(x *settings.Texts) { x.Template = "100%% %s: %s" }, ""},
		"one":            {func(x *settings.Texts) { x.Template = "%s" }, template + "must hold exactly these placeholders, in this order: %s %s; it has %s"},
		"three":          {func(x *settings.Texts) { x.Template = "%s%s%s" }, template + "must hold exactly these placeholders, in this order: %s %s; it has %s %s %s"},
		"none":           {func(x *settings.Texts) { x.Template = "a" }, template + "must hold exactly these placeholders, in this order: %s %s; it has none"},
		"another kind":   {func(x *settings.Texts) { x.NoAttachments = "%s" }, attachments + "must hold exactly these placeholders, in this order: %d; it has %s"},
		"width":          {func(x *settings.Texts) { x.NoAttachments = "%5d" }, attachments + "has a stray %: write %% for a percent sign"},
		"at the end":     {func(x *settings.Texts) { x.NoAttachments = "%d%" }, attachments + "has a stray %: write %% for a percent sign"},
		"after percents": {func(x *settings.Texts) { x.NoAttachments = "%%%d%%d" }, ""},
		"takes none":     {func(x *settings.Texts) { x.PhoneLost = "100%%" }, lost + "has a %, but this text takes no placeholders: leave it out"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := settings.DefaultOperation()
			tt.change(&o.Default.Texts)
			err := o.Validate()
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			mistakes(t, err, tt.want)
		})
	}
}

func TestValidateInvite(t *testing.T) {
	t.Parallel()
	const path = "default.window.invite."
	for name, tt := range map[string]struct {
		change func(*settings.Invite)
		want   []string
	}{
		"as it is":            {func(*settings.Invite) {}, nil},
		"no variables":        {func(i *settings.Invite) { i.Values, i.Preview = nil, "Olá!" }, nil},
		"one used twice":      {func(i *settings.Invite) { i.Preview = "{{2}}, {{1}}, {{2}}" }, nil},
		"no template":         {func(i *settings.Invite) { i.Template = "" }, []string{path + `template: "" is no template's name: small letters, digits and _`}},
		"capital letters":     {func(i *settings.Invite) { i.Template = "Convite" }, []string{path + `template: "Convite" is no template's name: small letters, digits and _`}},
		"longest template":    {func(i *settings.Invite) { i.Template = strings.Repeat("a", 512) }, nil},
		"template, too long":  {func(i *settings.Invite) { i.Template = strings.Repeat("a", 513) }, []string{path + `template: "` + strings.Repeat("a", 40) + `…" is no template's name: small letters, digits and _`}},
		"language of people":  {func(i *settings.Invite) { i.Language = "pt-BR" }, []string{path + `language: "pt-BR" is no template's language, such as pt_BR or en`}},
		"too few values":      {func(i *settings.Invite) { i.Values = i.Values[:1] }, []string{path + "values: has 1 of the 2 values that the preview's variables take"}},
		"too many values":     {func(i *settings.Invite) { i.Preview = "{{1}}" }, []string{path + "values: has 2 of the 1 values that the preview's variables take"}},
		"variable 0":          {func(i *settings.Invite) { i.Preview = "{{0}} {{2}}" }, []string{path + `preview: holds "{{0}}": variables are {{1}}, {{2}} and so on`}},
		"named variable":      {func(i *settings.Invite) { i.Preview = "{{nome}} {{2}}" }, []string{path + `preview: holds "{{nome}}": variables are {{1}}, {{2}} and so on`}},
		"variable 01":         {func(i *settings.Invite) { i.Preview = "{{01}} {{2}}" }, []string{path + `preview: holds "{{01}}": variables are {{1}}, {{2}} and so on`}},
		"preview, too long":   {func(i *settings.Invite) { i.Preview = strings.Repeat("a", 1025) }, []string{path + "preview: is longer than 1024 characters"}},
		"empty value":         {func(i *settings.Invite) { i.Values[1] = "" }, []string{path + "values: value 2 is empty"}},
		"line break":          {func(i *settings.Invite) { i.Values[0] = "a\nb" }, []string{path + "values: value 1 holds a line break, which WhatsApp refuses"}},
		"tab":                 {func(i *settings.Invite) { i.Values[0] = "a\tb" }, []string{path + "values: value 1 holds a control character"}},
		"four spaces":         {func(i *settings.Invite) { i.Values[0] = "a    b" }, nil},
		"five spaces":         {func(i *settings.Invite) { i.Values[0] = "a     b" }, []string{path + "values: value 1 holds more than four spaces in a row, which WhatsApp refuses"}},
		"name in a value":     {func(i *settings.Invite) { i.Values[0] = "cara " + settings.ContactName }, nil},
		"unknown variable":    {func(i *settings.Invite) { i.Values[0] = "{{ticket.id}}" }, []string{path + "values: value 1 holds a variable other than {{contato.nome}}"}},
		"misspelled variable": {func(i *settings.Invite) { i.Values[0] = "{{ contato.nome }}" }, []string{path + "values: value 1 holds a variable other than {{contato.nome}}"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := invited()
			tt.change(o.Default.Window.Invite)
			err := o.Validate()
			if len(tt.want) == 0 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			mistakes(t, err, tt.want...)
		})
	}
}

// Numbers are checked in a stable order, each mistake with the number's path.
func TestValidateNumbers(t *testing.T) {
	t.Parallel()
	o := settings.DefaultOperation()
	o.Default.Name = ""
	one, two := o.Default, o.Default
	one.PerSecond, two.Window.Margin, two.Quiet = -1, -time.Second, time.Hour
	o.Numbers = map[string]settings.Number{"107": two, "106": one}
	mistakes(t, o.Validate(),
		"default.name: is empty",
		"numbers.106.per_second: -1 is out of range: from 1 to 1000",
		"numbers.107.quiet: 1h is out of range: from 0s to 10m",
		"numbers.107.window.margin: -1s is out of range: from 0s to 1h",
		"numbers.107.quiet: 1h is longer than longest, 1m",
	)
}
