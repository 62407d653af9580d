" Formulas in .math files. The lists of words are those of the notation; a test compares them.

if exists("b:current_syntax")
  finish
endif

syntax iskeyword @,48-57,_,192-255

syntax keyword zgradDeclaration import as param type rule pullback test
syntax keyword zgradKeyword let in where if then else otherwise for while
syntax keyword zgradLogic and or not
syntax keyword zgradTruth true false
syntax keyword zgradType R Real Int Bool ℝ ℤ
syntax keyword zgradForm fold scan iterate diff grad jac hess
syntax keyword zgradFunction Ci E1 Ei Si abs abs2 acos acosd acosh acot acotd acoth acsc acscd acsch add airyai airyaiprime airyaiprimex airyaix airybi airybiprime airybiprimex airybix all all_states any arccos arccosh arccot arccoth arccsc arccsch arcosh arcoth arcsch arcsec arcsech arcsin arcsinh arctan arctan2 arctanh argmax arsech arsinh artanh asec asecd asech asin asind asinh atan atan2 atand atanh besseli besselix besselix_n besselj besselj0 besselj1 besselk besselkx besselkx_n bessely bessely0 bessely1 beta bose_diff cbrt ceil cexpexp cholesky clamp cloglog cofactors cofactors_along copysign cos cosc cosd cosh cosint cospi cot cotd coth count cross csc cscd csch cumsum dairyaiprimex dairyaix dairybiprimex dairybix dawson dawson_n deg2rad det dgelu diag digamma digamma_diff div dlog2mexp dmish dot dswish ellipe ellipe_n ellipk ellipk_n elu erf erf2 erfc erfcinv erfcx erfcx_n erfi erfinv exp exp10 exp2 expint expint_n expinti expintx expintx_n expit expm1 expm1mx expmexp exprel exprel_n expsq eye floor fma gamma gamma_inc gamma_upper gammaln gauss gelu gelu_erf hypot inv invdigamma ldexp ldiv leakyrelu len lgamma ln log log10 log1mexp log1p log1pexp log1pmx log1psq log2 log2mexp logabssinh logabstanh logaddexp logb logbeta logcosh logdet logerfc logerfcx logexpm1 loggamma logistic logit logmxp1 logsubexp logsumexp max min mish mod mul muladd neg norm normcdf normpdf ones outer polygamma pow prod psi rad2deg relu rem round scatter scatter_add sec secd sech selu sgn show sigmoid sigmoid_diff sign signum silu sin sinc sinc_n sind sinh sinhmx sinint sinpi size softmax softplus softsign solve solve_lower solve_upper sqrt states stop sub sum swish tan tand tanh tanhshrink tanmx trace transpose trigamma trunc usinc usinc_n xexpx xexpy xlog1py xlogx xlogy xmsin zeros zeta zeta_n Γ σ ψ √
syntax keyword zgradConstant e pi π inf ∞ nan
syntax match zgradNumber "\v<\d+(\.\.@!\d*)?([eE][-+]?\d+)?"
syntax match zgradDefinition "\v^\s*\zs[[:alpha:]_][[:alnum:]_]*\ze\(.*\).*\="
syntax region zgradString start=+"+ end=+"+ oneline
syntax match zgradComment "#.*$" contains=@Spell
syntax match zgradDocumentation "##\(#\)\@!.*$" contains=@Spell

highlight default link zgradDeclaration StorageClass
highlight default link zgradKeyword Keyword
highlight default link zgradLogic Operator
highlight default link zgradTruth Boolean
highlight default link zgradType Type
highlight default link zgradForm Special
highlight default link zgradFunction Identifier
highlight default link zgradConstant Constant
highlight default link zgradNumber Number
highlight default link zgradDefinition Function
highlight default link zgradString String
highlight default link zgradComment Comment
highlight default link zgradDocumentation SpecialComment

let b:current_syntax = "zgrad"
