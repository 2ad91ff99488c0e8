// Names that every program of a language has: its predeclared names, and the members of its built-in types.
#include "tests/bench/completion/corpus.h"

#include <sstream>

namespace dragoman::bench {
namespace {

struct Language {
    const char* id;
    const char* names;
};
// clang-format off
constexpr Language kLanguages[] = {
    {"cpp",
     "append assign back begin c_str capacity clear compare contains count data emplace emplace_back empty "
     "end ends_with erase extension filename find find_first_not_of find_first_of find_last_not_of "
     "find_last_of first front get has_value insert length load lock make_shared make_unique move "
     "notify_all notify_one npos optional parent_path pop_back push_front release reserve reset resize "
     "rfind second shared_ptr size starts_with store string_view substr swap unique_ptr value value_or "
     "variant wait what "},
    {"go",
     "Error String any append bool byte cap clear close comparable complex complex128 complex64 copy "
     "delete error false float32 float64 imag int int16 int32 int64 int8 iota len make max min new nil "
     "panic print println real recover rune string true uint uint16 uint32 uint64 uint8 uintptr "},
    {"javascript",
     "AbortController AbortSignal AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array "
     "BigUint64Array Blob Boolean BroadcastChannel Buffer ByteLengthQueuingStrategy CompressionStream "
     "Console CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DataView Date "
     "DecompressionStream EPSILON Error EvalError Event EventTarget File FinalizationRegistry Float32Array "
     "Float64Array FormData Function Headers Infinity Int16Array Int32Array Int8Array Intl JSON LN10 LN2 "
     "LOG10E LOG2E MAX_SAFE_INTEGER MAX_VALUE MIN_SAFE_INTEGER MIN_VALUE Map Math MessageChannel "
     "MessageEvent MessagePort NEGATIVE_INFINITY NaN Number Object POSITIVE_INFINITY Performance "
     "PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver PerformanceObserverEntryList "
     "PerformanceResourceTiming Promise Proxy RangeError ReadableByteStreamController ReadableStream "
     "ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController "
     "ReadableStreamDefaultReader ReferenceError Reflect RegExp Request Response SQRT1_2 SQRT2 Set "
     "SharedArrayBuffer String SubtleCrypto Symbol SyntaxError TextDecoder TextDecoderStream TextEncoder "
     "TextEncoderStream TransformStream TransformStreamDefaultController TypeError URIError URL "
     "URLSearchParams UTC Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet "
     "WebAssembly WritableStream WritableStreamDefaultController WritableStreamDefaultWriter abs acos "
     "acosh add all allSettled anchor any apply arguments asin asinh assert assign asyncDispose "
     "asyncIterator atan atan2 atanh big bind blink bold call caller captureStackTrace catch cbrt ceil "
     "charAt charCodeAt clear clearImmediate clearInterval clearTimeout clz32 codePointAt compile concat "
     "console constructor context copyWithin cos cosh count countReset create createTask debug decodeURI "
     "decodeURIComponent defineProperties defineProperty delete description dir dirxml dispose dotAll "
     "encodeURI encodeURIComponent endsWith entries error every exec exp expm1 exports fill filter finally "
     "find findIndex findLast findLastIndex fixed flags flat flatMap floor fontcolor fontsize for forEach "
     "freeze from fromCharCode fromCodePoint fromEntries fround get getDate getDay getFullYear getHours "
     "getMilliseconds getMinutes getMonth getOwnPropertyDescriptor getOwnPropertyDescriptors "
     "getOwnPropertyNames getOwnPropertySymbols getPrototypeOf getSeconds getTime getTimezoneOffset "
     "getUTCDate getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes getUTCMonth "
     "getUTCSeconds getYear global group groupCollapsed groupEnd has hasIndices hasInstance hasOwn "
     "hasOwnProperty hypot ignoreCase imul includes indexOf info input isArray isConcatSpreadable "
     "isExtensible isFinite isFrozen isInteger isNaN isPrototypeOf isSafeInteger isSealed isWellFormed "
     "italics iterator join keyFor keys lastIndexOf lastMatch lastParen leftContext length link "
     "localeCompare log log10 log1p log2 map match matchAll max message min module multiline name "
     "normalize now padEnd padStart parse parseFloat parseInt pop pow prepareStackTrace preventExtensions "
     "process profile profileEnd propertyIsEnumerable prototype push race random raw reduce reduceRight "
     "reject repeat replace replaceAll require resolve reverse rightContext round seal search set setDate "
     "setFullYear setHours setImmediate setInterval setMilliseconds setMinutes setMonth setPrototypeOf "
     "setSeconds setTime setTimeout setUTCDate setUTCFullYear setUTCHours setUTCMilliseconds setUTCMinutes "
     "setUTCMonth setUTCSeconds setYear shift sign sin sinh size slice small some sort source species "
     "splice split sqrt stackTraceLimit startsWith sticky strike stringify sub substr substring sup table "
     "tan tanh test then time timeEnd timeLog timeStamp toDateString toExponential toFixed toGMTString "
     "toISOString toJSON toLocaleDateString toLocaleLowerCase toLocaleString toLocaleTimeString "
     "toLocaleUpperCase toLowerCase toPrecision toPrimitive toReversed toSorted toSpliced toString "
     "toStringTag toTimeString toUTCString toUpperCase toWellFormed trace trim trimEnd trimLeft trimRight "
     "trimStart trunc unicode unicodeSets unscopables unshift valueOf values warn with "},
    {"python",
     "ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError "
     "BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError "
     "ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError Ellipsis EncodingWarning "
     "EnvironmentError Exception ExceptionGroup False FileExistsError FileNotFoundError FloatingPointError "
     "FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError IndexError "
     "InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError "
     "ModuleNotFoundError NameError None NotADirectoryError NotImplemented NotImplementedError OSError "
     "OverflowError PendingDeprecationWarning PermissionError ProcessLookupError RecursionError "
     "ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration "
     "SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError True TypeError "
     "UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError "
     "UnicodeWarning UserWarning ValueError Warning ZeroDivisionError __class__ __dict__ __doc__ __init__ "
     "__module__ __name__ abs add add_note aiter all anext any append args as_integer_ratio ascii bin "
     "bit_count bit_length bool breakpoint bytearray bytes callable capitalize casefold center chr "
     "classmethod clear close compile complex conjugate copy copyright count credits decode delattr "
     "denominator dict difference difference_update dir discard divmod encode endswith enumerate eval exec "
     "exit expandtabs extend filter find float format format_map from_bytes fromhex fromkeys frozenset get "
     "getattr globals hasattr hash help hex imag index input insert int intersection intersection_update "
     "is_integer isalnum isalpha isascii isdecimal isdigit isdisjoint isidentifier isinstance islower "
     "isnumeric isprintable isspace issubclass issubset issuperset istitle isupper items iter join keys "
     "len license list ljust locals lower lstrip maketrans map max memoryview min next numerator object "
     "oct open ord partition pop popitem pow print property quit range read readline readlines real remove "
     "removeprefix removesuffix replace repr reverse reversed rfind rindex rjust round rpartition rsplit "
     "rstrip set setattr setdefault slice sort sorted split splitlines startswith staticmethod str strip "
     "sum super swapcase symmetric_difference symmetric_difference_update title to_bytes translate tuple "
     "type union update upper values vars with_traceback write zfill zip "},
    {"rust",
     "Box Err None Option Result Some String Vec as_ref as_str clone collect contains default expect "
     "extend fmt from get insert into is_empty iter iter_mut len map push remove to_string unwrap "
     "unwrap_or "},
};
// clang-format on

std::map<std::string, std::set<std::string>> read_names() {
    std::map<std::string, std::set<std::string>> names;
    for (const Language& language : kLanguages) {
        std::istringstream stream{language.names};
        for (std::string name; stream >> name;) names[language.id].insert(name);
    }
    return names;
}

}  // namespace

bool is_builtin(const std::string& word, const std::string& language) {
    static const auto kNames = read_names();
    const auto found = kNames.find(language);
    return found != kNames.end() && found->second.count(word) != 0;
}

}  // namespace dragoman::bench
