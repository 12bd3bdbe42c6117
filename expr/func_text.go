package expr

// The functions of text, under one name on every database. Where an argument
// is to be an expression and not a Go value, [Func] takes the same names:
// expr.Func[string]("substring", s, from, n).

// Substring is n characters of s, from one on that is counted from 1. A from
// below 1 and a negative n, which each database takes in its own way, are mistakes.
func Substring(s Of[string], from, n int) Expr[string] {
	if from < 1 {
		return Expr[string]{mistake("Substring: from character %d; characters are counted from 1, and expr.Right takes the last ones", from)}
	}
	if n < 0 {
		return negative("Substring", n)
	}
	return Func[string]("substring", s, Value(int32(from)), Value(int32(n)))
}

// Left is the first n characters of s. A negative n is a mistake.
func Left(s Of[string], n int) Expr[string] {
	if n < 0 {
		return negative("Left", n)
	}
	return Func[string]("left", s, Value(int32(n)))
}

// Right is the last n characters of s. A negative n is a mistake.
func Right(s Of[string], n int) Expr[string] {
	if n < 0 {
		return negative("Right", n)
	}
	return Func[string]("right", s, Value(int32(n)))
}

// negative is the mistake of a negative number of characters.
func negative(name string, n int) Expr[string] {
	return Expr[string]{mistake("%s: %d characters; give 0 or more", name, n)}
}

// Position is where part begins in s, counted from 1; 0 where s does not hold
// it.
func Position(s Of[string], part string) Expr[int64] {
	return Func[int64]("strpos", s, Value(part))
}

// Replace is s with every old in it made new. An empty old replaces nothing.
func Replace(s Of[string], old, new string) Expr[string] {
	return Func[string]("replace", s, Value(old), Value(new))
}

// Lpad is s brought to n characters: with fill before it, or cut at its end. A
// negative n and an empty fill are mistakes.
func Lpad(s Of[string], n int, fill string) Expr[string] {
	if n < 0 || fill == "" {
		return pad("Lpad", n)
	}
	return Func[string]("lpad", s, Value(int32(n)), Value(fill))
}

// Rpad is s brought to n characters: with fill behind it, or cut at its end. A
// negative n and an empty fill are mistakes.
func Rpad(s Of[string], n int, fill string) Expr[string] {
	if n < 0 || fill == "" {
		return pad("Rpad", n)
	}
	return Func[string]("rpad", s, Value(int32(n)), Value(fill))
}

// pad is the mistake in what a text is brought to a length with.
func pad(name string, n int) Expr[string] {
	if n < 0 {
		return negative(name, n)
	}
	return Expr[string]{mistake("%s: the text to fill with is empty; expr.Left only cuts", name)}
}

// Repeat is s, n times. A negative n is a mistake.
func Repeat(s Of[string], n int) Expr[string] {
	if n < 0 {
		return Expr[string]{mistake("Repeat: %d times; give 0 or more", n)}
	}
	return Func[string]("repeat", s, Value(int32(n)))
}

// Reverse is s with its characters in the opposite order.
func Reverse(s Of[string]) Expr[string] { return Func[string]("reverse", s) }

// Ltrim is s without the spaces before it.
func Ltrim(s Of[string]) Expr[string] { return Func[string]("ltrim", s) }

// Rtrim is s without the spaces behind it.
func Rtrim(s Of[string]) Expr[string] { return Func[string]("rtrim", s) }

// CharLength is the number of characters in s, as [Length] is.
func CharLength(s Of[string]) Expr[int64] { return Func[int64]("char_length", s) }

// OctetLength is the number of bytes in s, as the database keeps it.
func OctetLength(s Of[string]) Expr[int64] { return Func[int64]("octet_length", s) }

// Chr is the character of a Unicode code point.
func Chr(code Of[int64]) Expr[string] { return Func[string]("chr", code) }

// ConcatWs joins the texts that are not NULL, with sep between them. It is never
// NULL itself, but on Oracle, to which an empty text is NULL.
func ConcatWs(sep string, es ...Any) Expr[string] {
	if len(es) == 0 {
		return Expr[string]{mistake("concat_ws of nothing")}
	}
	return Expr[string]{call("concat_ws", typeVarchar, append([]Any{Value(sep)}, es...))}
}
