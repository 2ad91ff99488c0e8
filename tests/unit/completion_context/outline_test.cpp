#include "server/completion/context/outline.h"

#include <string>
#include <vector>

using namespace dragoman::completion;

namespace {

// One line a declaration: "- " where hidden, "Parent: " for members, the signature, {values}, "  // doc".
std::string told(std::string_view text, Family family) {
    std::string out;
    for (const Declaration& one : outline(text, family)) {
        out += (one.hidden ? "- " : "") + (one.parent.empty() ? "" : one.parent + ": ") + one.signature;
        if (!one.values.empty()) {
            out += " {";
            for (const std::string& value : one.values) out += (out.back() == '{' ? "" : " ") + value;
            out += "}";
        }
        out += (one.doc.empty() ? "" : "  // " + one.doc) + "\n";
    }
    return out;
}

}  // namespace

TEST_CASE("A C++ header is outlined") {
    CHECK(told(R"(// Shapes.
#pragma once
#include "x.h"
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define LIMIT 12
#define GUARD_H

namespace geo {
struct Point;
/// A shape
/// of a kind.
class API_EXPORT Shape : public Base<int> {
public:
    Shape() : sides_{3} { draw(); }
    virtual ~Shape() = default;
    /* Its area. */
    [[nodiscard]] virtual double area(int x = f(1, 2)) const noexcept = 0;
    int sides = 3;  // how many
    enum class Color : int { red = 1, green, /* no */ blue };
protected:
    void draw();
private:
    int sides_;
    std::map<std::string, int> names_{};
};

template <class T, int N>
inline T largest(const T& a,
                 const T& b) {
    if (a < b) { return "}"[0]; }
    return a;
}
using Names = std::vector<std::string>;
typedef struct { int x; } Pair;
typedef unsigned long Size;
struct stat* status(const char* path);
extern int counter;
constexpr std::size_t kMost = 64;
bool operator==(const Shape& a, const Shape& b);
union Value { int i; float f; };
std::string name_of(const Shape&) { return R"x(} ")x"; }
}
extern "C" {
void c_call(void);
}
)",
               Family::c) == R"(#define MAX(a, b)
#define LIMIT 12
class API_EXPORT Shape : public Base<int>  // A shape
Shape: Shape()
Shape: double area(int x = f(1, 2)) const noexcept = 0  // Its area.
Shape: int sides = 3  // how many
Shape: enum class Color : int {red green blue}
Shape: void draw()
- Shape: int sides_
- Shape: std::map<std::string, int> names_
T largest(const T& a, const T& b)
using Names = std::vector<std::string>
struct Pair
Pair: int x
typedef unsigned long Size
struct stat* status(const char* path)
int counter
std::size_t kMost = 64
bool operator==(const Shape& a, const Shape& b)
union Value
Value: int i
Value: float f
std::string name_of(const Shape&)
void c_call(void)
)");
}

TEST_CASE("A Python module is outlined") {
    CHECK(told(R"("""Shapes."""
import os
LIMIT = 12
_cache = {}
names: dict[str, int] = {"a": 1,
    "b": 2}

@dataclass
class Shape(Base):
    """A shape.

    More.
    """
    sides: int = 3

    def __init__(self, x, *,
                 y=None) -> None:
        self.x = x
        self._y = y
        local = 1

    @property
    def area(self) -> float:
        # comment
        def inner(): pass
        return "def no(): "

    async def load(self): return 1
    def _hidden(self): ...
    class Meta:
        order = 1

# How many.
def count(a: int,
          b: str = "x:y") -> list[int]:
    """Counts."""
    total = 1
if True:
    EXTRA = 1
)",
               Family::python) == R"(LIMIT = 12
- _cache = {}
names: dict[str, int] = {"a": 1, "b": 2}
class Shape(Base)  // A shape.
Shape: sides: int = 3
Shape: def __init__(self, x, *, y=None) -> None
Shape: x = x
- Shape: _y = y
Shape: @property def area(self) -> float
Shape: async def load(self)
- Shape: def _hidden(self)
Shape: class Meta
Meta: order = 1
def count(a: int, b: str = "x:y") -> list[int]  // How many.
EXTRA = 1
)");
}

TEST_CASE("A TypeScript module is outlined") {
    CHECK(told(R"(import { x } from './x'
export interface Shape extends Base {
  name: string
  area(scale?: number): number
  readonly tags?: Map<string, number>
}
export type Kind = 'a' | 'b'
export type Options = {
  deep: { a: number }
  run: (x: number) => void
}
/** Colours. */
export enum Color { Red = 'r}', Green }
export abstract class Circle<T> implements Shape {
  private radius = 1
  static unit: Circle
  constructor(private readonly r: number) { super() }
  get size(): number { return this.r / 2 / 1 }
  async load(url: string): Promise<void> {
    const re = /[}"/]+/g
  }
  handler = (e: Event) => { stop() }
}
export default function make(a: number, b = { c: 1 }): Circle { return new Circle(a) }
export const area = async (s: Shape): Promise<number> => {
  return s.area()
}
export const api = { get, post: () => { a, b }, 'x': 1 }
export const LIMIT = 12
function internal() {}
if (LIMIT) { const no = 1 }
run(() => { const no = 2 })
)",
               Family::script) == R"(interface Shape extends Base
Shape: name: string
Shape: area(scale?: number): number
Shape: readonly tags?: Map<string, number>
type Kind = 'a' | 'b'
type Options
Options: deep: {a}
Options: run: (x: number) => void
enum Color {Red Green}  // Colours.
abstract class Circle<T> implements Shape
- Circle: radius = 1
Circle: static unit: Circle
Circle: constructor(private readonly r: number)
Circle: size(): number
Circle: async load(url: string): Promise<void>
Circle: handler = (e: Event)
function make(a: number, b = { c: 1 }): Circle
const area = async (s: Shape): Promise<number>
const api {get post}
const LIMIT = 12
- function internal()
)");
}

TEST_CASE("Java and Kotlin are outlined") {
    CHECK(told(R"(package a.b;
import java.util.*;
/** A shape. */
@Entity(name = "x")
public abstract class Shape
        extends Base implements Thing<String> {
    private static final int LIMIT = 12;
    protected String name;
    public Shape(String name) { this.name = name; }
    @Override
    public double area(Map<String, Integer> a,
                       int b) throws IOException {
        if (x) { return 1; }
    }
    abstract void draw();
    enum Color { RED(1), GREEN { void x() {} }; int value; }
    static { init(); }
    interface Visitor { void visit(Shape s); }
}
record Point(int x, int y) {}
)",
               Family::jvm) == R"(abstract class Shape extends Base implements Thing<String>  // A shape.
- Shape: static int LIMIT = 12
Shape: String name
Shape: Shape(String name)
Shape: double area(Map<String, Integer> a, int b) throws IOException
Shape: abstract void draw()
Shape: enum Color {RED GREEN}
Shape: interface Visitor
Visitor: void visit(Shape s)
record Point(int x, int y)
)");
    CHECK(told(R"(package a
data class Point(val x: Int, val y: Int = 2)
class Shape(name: String) : Base() {
    val area: Double = 1.0
    fun draw(a: Int): Unit = println(a)
    private fun hidden() { }
    companion object { const val LIMIT = 12 }
}
fun String.twice(): String {
    return this
}
object Tool
)",
               Family::jvm) == R"(class Point(val x: Int, val y: Int = 2)
class Shape(name: String) : Base()
Shape: val area: Double = 1.0
Shape: fun draw(a: Int): Unit = println(a)
- Shape: fun hidden()
Shape: const val LIMIT = 12
fun String.twice(): String
object Tool
)");
}

TEST_CASE("A Go file is outlined") {
    CHECK(told(R"(package x
import "fmt"
// Shape is one.
type Shape struct {
	Name string `json:"name}"`
	Sides, Other int
	Base
}
type Area interface {
	Area(scale float64) (float64, error)
}
const (
	Red Color = iota
	Green
)
type (
	ID = string
	Pair struct { A, B int }
)
var limit = 12
func New(name string) *Shape { return &Shape{Name: name} }
func (s *Shape) Area(a, b int) (x int, err error) {
	return func() { }
}
func (l List[T]) Len() int { return 0 }
)",
               Family::go) == R"(type Shape struct  // Shape is one.
Shape: Name string `json:"name}"`
Shape: Sides, Other int
Shape: Base
type Area interface
Area: Area(scale float64) (float64, error)
const Red Color = iota
const Green
type ID = string
type Pair struct
Pair: A, B int
- var limit = 12
func New(name string) *Shape
Shape: func (s *Shape) Area(a, b int) (x int, err error)
List: func (l List[T]) Len() int
)");
}

TEST_CASE("A Rust file is outlined") {
    CHECK(told(R"(use std::fmt;
/// A shape.
#[derive(Debug)]
pub struct Shape<'a> {
    pub name: &'a str,
    sides: HashMap<String, u32>,
}
pub enum Kind { Round(f64), Flat { a: u8 }, None }
pub trait Area { fn area(&self) -> f64; fn twice(&self) -> f64 { 2.0 } }
impl<'a> Area for Shape<'a> {
    fn area(&self) -> f64 { let c = '}'; let s = r#"}"#; 1.0 }
}
impl Shape<'_> {
    pub fn new(name: &str, f: impl Fn(u8) -> u8) -> Self where Self: Sized { Self { name } }
}
pub(crate) fn make<T: Into<String>>(x: T) -> Result<T, Error> { x }
pub const LIMIT: usize = 12;
fn hidden() {}
pub mod inner { pub fn deep() {} }
macro_rules! shape { ($x:expr) => { $x } }
pub type Names = Vec<String>;
)",
               Family::rust) == R"(struct Shape<'a>  // A shape.
Shape: name: &'a str
Shape: sides: HashMap<String, u32>
enum Kind {Round Flat None}
trait Area
Area: fn area(&self) -> f64
Area: fn twice(&self) -> f64
Shape: fn area(&self) -> f64
Shape: fn new(name: &str, f: impl Fn(u8) -> u8) -> Self where Self: Sized
fn make<T: Into<String>>(x: T) -> Result<T, Error>
const LIMIT: usize = 12
- fn hidden()
fn deep()
- macro_rules! shape
type Names = Vec<String>
)");
}

TEST_CASE("Lua, Ruby, PHP and shell are outlined") {
    CHECK(told(R"(local M = {}
-- Draws.
function M.draw(a, b)
  local function inner() end
end
function M:size() return 1 end
M.LIMIT = 12
M.load = function(x) return x end
local function hidden() end
M.colors = { red = 1, green = { x = 2 } }
return M
)",
               Family::lua) == R"(- M = {}
function M.draw(a, b)  // Draws.
function M:size()
M.LIMIT = 12
M.load = function(x)
- function hidden()
M.colors = { red = 1, green = { x = 2 } } {red green}
)");
    CHECK(told("module A\n  # One.\n  class B < C\n    LIMIT = 1\n    attr_reader :x, :y\n    def "
               "self.make(a)\n      z = 1\n    "
               "end\n    def ok?\n    end\n  end\nend\n",
               Family::ruby) ==
          "module A\nA: class B < C  // One.\nB: LIMIT = 1\nB: x\nB: y\nB: def self.make(a)\nB: def ok?\n");
    CHECK(told("<?php\nnamespace A;\nclass B extends C {\n  private $x = 1;\n  public function run(int $a): "
               "string { return '}'; }\n}\n"
               "function f($a) {}\n",
               Family::php) ==
          "class B extends C\n- B: $x = 1\nB: function run(int $a): string\nfunction f($a)\n");
    CHECK(told("# Runs.\nrun() {\n  x=1\n}\nfunction stop {\n:\n}\nexport A=1\nB=2\n", Family::shell) ==
          "run()  // Runs.\nstop()\nexport A=1\nB=2\n");
}

TEST_CASE("Broken, hostile and binary text is read to its end") {
    const std::vector<std::string> units = {"{",
                                            "}",
                                            "(",
                                            ")",
                                            "\"",
                                            "'",
                                            "`",
                                            "/*",
                                            "#define x(",
                                            "class A {",
                                            "fn f(",
                                            "<",
                                            "def f(",
                                            "\"\"\"",
                                            std::string(1, '\0'),
                                            "\xff\xfe",
                                            "typedef struct {",
                                            "x = {",
                                            "enum E {",
                                            "a,",
                                            "R\"(",
                                            "import (",
                                            "const (",
                                            "@a(",
                                            "operator"};
    for (const Family family :
         {Family::c, Family::python, Family::script, Family::jvm, Family::go, Family::rust, Family::lua,
          Family::ruby, Family::php, Family::shell, Family::none}) {
        for (const std::string& unit : units) {
            std::string text;
            while (text.size() < 20'000) text += unit + (text.size() % 7 == 0 ? "\n" : " ");
            CAPTURE(unit);
            CHECK(outline(text, family).size() <= 400);
        }
    }
}

TEST_CASE("No more is outlined than asked for") {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "void f" + std::to_string(i) + "();\n";
    CHECK(outline(text, Family::c, 50).size() == 50);
}
