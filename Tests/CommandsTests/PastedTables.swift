/// Prints without brackets, each under its name and either the shape and the numbers that it is or what is said where it is
/// refused. Those of pandas are written by pandas 3.1 and NumPy 2.4 (print(df), df.to_string(), df.to_csv(), Series); those
/// of MATLAB, Octave, Julia and R have the form that their manuals show. ⇥ stands for a tab.
let pastedTables = #"""
  === pandas print(df) | 3 2 | 0.5 -0.25 1 2 3.5 -4
       a     b
  0  0.5 -0.25
  1  1.0  2.00
  2  3.5 -4.00
  === pandas to_string(index=False) | 3 2 | 0.5 -0.25 1 2 3.5 -4
    a     b
  0.5 -0.25
  1.0  2.00
  3.5 -4.00
  === pandas to_string, neither | 3 2 | 0.5 -0.25 1 2 3.5 -4
  0.5 -0.25
  1.0  2.00
  3.5 -4.00
  === pandas whole-number columns | 3 2 | 0.5 -0.25 1 2 3.5 -4
       0     1
  0  0.5 -0.25
  1  1.0  2.00
  2  3.5 -4.00
  === pandas named rows | 3 2 | 0.5 -0.25 1 2 3.5 -4
        a     b
  x   0.5 -0.25
  yy  1.0  2.00
  z   3.5 -4.00
  === pandas named index | 3 2 | 0.5 -0.25 1 2 3.5 -4
        a     b
  id           
  0   0.5 -0.25
  1   1.0  2.00
  2   3.5 -4.00
  === pandas named columns | 3 2 | 0.5 -0.25 1 2 3.5 -4
  feature    a     b
  0        0.5 -0.25
  1        1.0  2.00
  2        3.5 -4.00
  === pandas names with blanks | 3 2 | 0.5 -0.25 1 2 3.5 -4
     petal length (cm)  petal width (cm)
  0                0.5             -0.25
  1                1.0              2.00
  2                3.5             -4.00
  === pandas names with a number behind a blank | 2 2 | 1 2 3 4
     x 0  x 1
  0  1.0  2.0
  1  3.0  4.0
  === pandas truths without an index | 3 2 | 1 0 0 1 1 0
      a     b
   True False
  False  True
   True False
  === csv whose names may be numbers | refused | names of columns or numbers
  0,1,2
  0.5,0.25,0.125
  0.5,0.25,0.125
  === r, one column | 2 1 | 0.5 0.7
       [,1]
  [1,]  0.5
  [2,]  0.7
  === latex | 2 2 | 1 2 3 -4
  \begin{bmatrix}
  1 & 2 \\
  3 & -4
  \end{bmatrix}
  === latex of sympy | 2 2 | 1 2 3 4
  \left[\begin{matrix}1 & 2\\3 & 4\end{matrix}\right]
  === latex array | 2 2 | 1 2 3 -4
  \begin{array}{cc}
  1 & 2 \\
  3 & -4 \\
  \end{array}
  === mathematica | 2 2 | 1 2 3 4
  {{1, 2},
   {3, 4}}
  === pandas one column | 3 1 | 0.5 1 3.5
       a
  0  0.5
  1  1.0
  2  3.5
  === pandas one column, no index | 3 1 | 0.5 1 3.5
    a
  0.5
  1.0
  3.5
  === pandas one row | 1 3 | 1 2 3
     a  b  c
  0  1  2  3
  === pandas Series | 3 | 0.5 1 3.5
  0    0.5
  1    1.0
  2    3.5
  Name: a, dtype: float64
  === pandas Series without name | 3 | 3 1 2
  0    3
  1    1
  2    2
  dtype: int64
  === pandas Series, named rows | 2 | 1 2.5
  x    1.0
  y    2.5
  dtype: float64
  === pandas Series.to_string, named rows | 2 1 | 1 2.5
  x    1.0
  y    2.5
  === pandas bool Series | 3 | 1 0 1
  0     True
  1    False
  2     True
  dtype: bool
  === pandas mixed columns | 3 3 | 1 0.5 1 2 -1.25 0 3 1e-07 1
     a             b      c
  0  1  5.000000e-01   True
  1  2 -1.250000e+00  False
  2  3  1.000000e-07   True
  === pandas dates | 3 2 | 0.5 -0.25 1 2 3.5 -4
                a     b
  2020-01-01  0.5 -0.25
  2020-01-02  1.0  2.00
  2020-01-03  3.5 -4.00
  === pandas whole numbers behind dates | 2 2 | 1 2 3 4
  2020-01-01  1  2
  2020-01-02  3  4
  === pandas transposed | 2 3 | 0.5 1 3.5 -0.25 2 -4
        0    1    2
  a  0.50  1.0  3.5
  b -0.25  2.0 -4.0
  === pandas describe | 4 2 | 3 3 0.5 -4 1 -0.25 3.5 2
           a     b
  count  3.0  3.00
  min    0.5 -4.00
  50%    1.0 -0.25
  max    3.5  2.00
  === pandas float_format | 3 2 | 0.5 -0.25 1 2 3.5 -4
       a     b
  0 0.50 -0.25
  1 1.00  2.00
  2 3.50 -4.00
  === pandas to_csv | 3 2 | 0.5 -0.25 1 2 3.5 -4
  ,a,b
  0,0.5,-0.25
  1,1.0,2.0
  2,3.5,-4.0

  === pandas to_csv(index=False) | 3 2 | 0.5 -0.25 1 2 3.5 -4
  a,b
  0.5,-0.25
  1.0,2.0
  3.5,-4.0

  === pandas to_csv, tabs | 3 2 | 0.5 -0.25 1 2 3.5 -4
  a⇥b
  0.5⇥-0.25
  1.0⇥2.0
  3.5⇥-4.0

  === pandas wide, in blocks | 3 20 | 0 0.125 0.25 0.375 0.5 0.625 0.75 0.875 1 1.125 1.25 1.375 1.5 1.625 1.75 1.875 2 2.125 2.25 2.375 2.5 2.625 2.75 2.875 3 3.125 3.25 3.375 3.5 3.625 3.75 3.875 4 4.125 4.25 4.375 4.5 4.625 4.75 4.875 5 5.125 5.25 5.375 5.5 5.625 5.75 5.875 6 6.125 6.25 6.375 6.5 6.625 6.75 6.875 7 7.125 7.25 7.375
      0      1     2      3    4      5     6      7    8      9     10     11  \
  0  0.0  0.125  0.25  0.375  0.5  0.625  0.75  0.875  1.0  1.125  1.25  1.375   
  1  2.5  2.625  2.75  2.875  3.0  3.125  3.25  3.375  3.5  3.625  3.75  3.875   
  2  5.0  5.125  5.25  5.375  5.5  5.625  5.75  5.875  6.0  6.125  6.25  6.375   

      12     13    14     15   16     17    18     19  
  0  1.5  1.625  1.75  1.875  2.0  2.125  2.25  2.375  
  1  4.0  4.125  4.25  4.375  4.5  4.625  4.75  4.875  
  2  6.5  6.625  6.75  6.875  7.0  7.125  7.25  7.375  
  === pandas wide, to_string | 3 20 | 0 0.125 0.25 0.375 0.5 0.625 0.75 0.875 1 1.125 1.25 1.375 1.5 1.625 1.75 1.875 2 2.125 2.25 2.375 2.5 2.625 2.75 2.875 3 3.125 3.25 3.375 3.5 3.625 3.75 3.875 4 4.125 4.25 4.375 4.5 4.625 4.75 4.875 5 5.125 5.25 5.375 5.5 5.625 5.75 5.875 6 6.125 6.25 6.375 6.5 6.625 6.75 6.875 7 7.125 7.25 7.375
      0      1     2      3    4      5     6      7    8      9     10     11   12     13    14     15   16     17    18     19
  0  0.0  0.125  0.25  0.375  0.5  0.625  0.75  0.875  1.0  1.125  1.25  1.375  1.5  1.625  1.75  1.875  2.0  2.125  2.25  2.375
  1  2.5  2.625  2.75  2.875  3.0  3.125  3.25  3.375  3.5  3.625  3.75  3.875  4.0  4.125  4.25  4.375  4.5  4.625  4.75  4.875
  2  5.0  5.125  5.25  5.375  5.5  5.625  5.75  5.875  6.0  6.125  6.25  6.375  6.5  6.625  6.75  6.875  7.0  7.125  7.25  7.375
  === pandas negative infinity | 2 1 | 1 -inf
       a
  0  1.0
  1 -inf
  === pandas ten rows and more | 12 2 | 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
       0   1
  0    0   1
  1    2   3
  2    4   5
  3    6   7
  4    8   9
  5   10  11
  6   12  13
  7   14  15
  8   16  17
  9   18  19
  10  20  21
  11  22  23
  === pandas df.values | 3 2 | 0.5 -0.25 1 2 3.5 -4
  [[ 0.5  -0.25]
   [ 1.    2.  ]
   [ 3.5  -4.  ]]
  === pandas to_numpy().tolist() | 3 2 | 0.5 -0.25 1 2 3.5 -4
  [[0.5, -0.25], [1.0, 2.0], [3.5, -4.0]]
  === pandas elided rows | refused | leaves entries out
        0    1    2
  0   0.0  0.0  0.0
  1   0.0  0.0  0.0
  2   0.0  0.0  0.0
  3   0.0  0.0  0.0
  4   0.0  0.0  0.0
  ..  ...  ...  ...
  95  0.0  0.0  0.0
  96  0.0  0.0  0.0
  97  0.0  0.0  0.0
  98  0.0  0.0  0.0
  99  0.0  0.0  0.0
  === pandas elided columns | refused | leaves entries out
      0      1     2      3    4   ...     15   16     17    18     19
  0  0.0  0.125  0.25  0.375  0.5  ...  1.875  2.0  2.125  2.25  2.375
  1  2.5  2.625  2.75  2.875  3.0  ...  4.375  4.5  4.625  4.75  4.875
  2  5.0  5.125  5.25  5.375  5.5  ...  6.875  7.0  7.125  7.25  7.375
  === pandas long Series | refused | leaves entries out
  0      0
  1      1
  2      2
  3      3
  4      4
        ..
  95    95
  96    96
  97    97
  98    98
  99    99
  Length: 100, dtype: int64
  === pandas NaN | refused | NaN stands where a number
       a
  0  1.0
  1  NaN
  === pandas NA | refused | <NA> stands where a number
  0       1
  1    <NA>
  dtype: Int64
  === pandas texts | refused | 'x' is no number
     a  n
  0  1  x
  1  2  y
  === pandas texts first | refused | 'x' is no number
     n  a
  0  x  1
  1  y  2
  === pandas columns of two levels | refused | neither a row of numbers nor a name
       a      
       x     y
  0  0.5 -0.25
  1  1.0  2.00
  2  3.5 -4.00
  === pandas rows of two levels | refused | entries and the first
         0     1
  a 0  0.5 -0.25
    1  1.0  2.00
  b 0  3.5 -4.00
  === pandas to_string(header=False) | refused | an index or numbers
  0  0.5 -0.25
  1  1.0  2.00
  2  3.5 -4.00
  === pandas Series.to_string | refused | an index or numbers
  0    0.5
  1    1.0
  2    3.5
  === pandas whole-number columns, no index | refused | names of columns or numbers
    0     1
  0.5 -0.25
  1.0  2.00
  3.5 -4.00
  === pandas thousands | refused | may be one number or two
      a         b
  1,234 1,000,000
  5,678         2
  === pandas dtype=object with a list | refused | entries and the first
          a
  0       1
  1  [2, 3]
  === matlab X = | 3 2 | 0.5 -0.25 1 2 3.5 -4

      0.5000   -0.2500
      1.0000    2.0000
      3.5000   -4.0000

  === matlab scaled | 2 2 | 1 2000 -3500 250

     1.0e+03 *

      0.0010    2.0000
     -3.5000    0.2500

  === matlab scalar |  | 5

       5

  === matlab row | 3 | 1 -2 3

       1    -2     3

  === matlab column | 2 1 | 1 -2

       1
      -2

  === matlab in blocks | 2 10 | 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19

    Columns 1 through 8

       0     1     2     3     4     5     6     7
      10    11    12    13    14    15    16    17

    Columns 9 through 10

       8     9
      18    19

  === octave in blocks | 2 10 | 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19

   Columns 1 through 8:

       0     1     2     3     4     5     6     7
      10    11    12    13    14    15    16    17

   Columns 9 and 10:

       8     9
      18    19

  === octave | 3 2 | 0.5 -0.25 1 2 3.5 -4

     0.5000  -0.2500
     1.0000   2.0000
     3.5000  -4.0000

  === matlab, missing | refused | NaN stands where a number

       1   NaN
       2     3

  === matlab, complex | refused | complex numbers

     1.0000 + 2.0000i

  === julia matrix | 3 2 | 0.5 -0.25 1 2 3.5 -4
  3×2 Matrix{Float64}:
   0.5  -0.25
   1.0   2.0
   3.5  -4.0
  === julia vector | 3 | 1 -2 3.5
  3-element Vector{Float64}:
    1.0
   -2.0
    3.5
  === julia row | 1 3 | 1 2 3
  1×3 Matrix{Int64}:
   1  2  3
  === julia adjoint | 2 2 | 1 3 2 4
  2×2 adjoint(::Matrix{Float64}) with eltype Float64:
   1.0  3.0
   2.0  4.0
  === julia bits | 2 2 | 1 0 0 1
  2×2 BitMatrix:
   1  0
   0  1
  === julia elided | refused | leaves entries out
  100×2 Matrix{Float64}:
   0.1  0.2
   ⋮
   0.3  0.4
  === julia cut off | refused | says 3×2
  3×2 Matrix{Float64}:
   0.5  -0.25
   1.0   2.0
  === R matrix | 3 2 | 0.5 -0.25 1 2 3.5 -4
       [,1]  [,2]
  [1,]  0.5 -0.25
  [2,]  1.0  2.00
  [3,]  3.5 -4.00
  === R vector | 4 | 1 -2 3.5 7
  [1]  1.0 -2.0  3.5
  [4]  7.0
  === R data frame | 3 2 | 0.5 -0.25 1 2 3.5 -4
      a     b
  1 0.5 -0.25
  2 1.0  2.00
  3 3.5 -4.00
  === spreadsheet | 3 2 | 0.5 -0.25 1 2 3.5 -4
  0.5⇥-0.25
  1⇥2
  3.5⇥-4
  === spreadsheet, names | 3 2 | 0.5 -0.25 1 2 3.5 -4
  a⇥b
  0.5⇥-0.25
  1⇥2
  3.5⇥-4
  === unicode minus | 3 2 | 0.5 -0.25 1 2 3.5 -4
  0.5 −0.25
  1 2
  3.5 −4
  === commas | 3 2 | 0.5 -0.25 1 2 3.5 -4
  0.5, -0.25
  1, 2
  3.5, -4
  === rows ended by ; | 3 2 | 0.5 -0.25 1 2 3.5 -4
  0.5 -0.25;
  1 2;
  3.5 -4;
  === one row | 3 | 1 2 3
  1 2 3
  === exclusive or | 4 2 | 0 0 0 1 1 0 1 1
  0 0
  0 1
  1 0
  1 1
  === permutation | 2 2 | 0 1 1 0
  0 1
  1 0
  === brackets below | 3 2 | 0.5 -0.25 1 2 3.5 -4
  [[ 0.5  -0.25]
   [ 1.    2.  ]
   [ 3.5  -4.  ]]
  === parameter | 3 2 | 0.5 -0.25 1 2 3.5 -4
  Parameter containing:
  tensor([[ 0.5000, -0.2500],
          [ 1.0000,  2.0000],
          [ 3.5000, -4.0000]], requires_grad=True)
  === formula below | 2 2 | 3 0 0 3
  np.eye(2) * 3
  === tensorflow | 3 2 | 0.5 -0.25 1 2 3.5 -4
  tf.Tensor(
  [[ 0.5  -0.25]
   [ 1.    2.  ]
   [ 3.5  -4.  ]], shape=(3, 2), dtype=float64)
  === spreadsheet, decimal commas | refused | may be one number or two
  0,5⇥1,25
  2,5⇥3,75
  === spreadsheet, thousands | refused | may be one number or two
  1,234⇥5,678
  1,000⇥2,000
  === csv or thousands | refused | may be one number or two
  1,234
  5,678
  === ragged | refused | entries and the first
  1 2 3
  4 5
  === bars | 2 2 | 0.5 1 2 3
  | 0.5 | 1 |
  | 2 | 3 |
  === markdown | 2 2 | 0.5 1 2 3
  |    |   a |   b |
  |---:|----:|----:|
  |  0 | 0.5 |   1 |
  |  1 |   2 |   3 |
  === markdown, numbers as names | 2 2 | 0.5 1 2 3
  |    |   0 |   1 |
  |---:|----:|----:|
  |  0 | 0.5 |   1 |
  |  1 |   2 |   3 |
  === markdown, index=False | 2 2 | 0.5 1 2 3
  |   a |   b |
  |----:|----:|
  | 0.5 |   1 |
  |   2 |   3 |
  === markdown, a row above the dashes | refused | names of columns or a row
  | 0.5 | 1 |
  |-----|---|
  | 2   | 3 |
  === own print | 2 2 | 0.1 0.2 0.3 0.4
    ⎡ 0.1  0.2 ⎤
    ⎣ 0.3  0.4 ⎦
  === own print, elided | refused | leaves entries out
    ⎡ 0.1  0.2 ⎤
    ⎢   ⋮    ⋮ ⎥
    ⎣ 0.3  0.4 ⎦
  === rows one by one | 2 2 | 0.1 0.2 0.3 0.4
  [0.1 0.2]
  [0.3 0.4]
  === rows one by one, with commas | 2 2 | 0.1 0.2 0.3 0.4
  [0.1, 0.2],
  [0.3, 0.4]
  === rows one by one, ragged | refused | entries and the first
  [0.1 0.2]
  [0.3 0.4 0.5]
  === an empty line is drawn | 2 2 | 0.5 -0.25 1 2
  ⎡0.5  -0.25⎤
  ⎢          ⎥
  ⎣1.0   2.0 ⎦
  === latex | 2 2 | 0.5 -0.25 1 2
  \begin{bmatrix} 0.5 & -0.25 \\ 1 & 2 \end{bmatrix}
  === braces | 2 2 | 0.5 -0.25 1 2
  {{0.5, -0.25}, {1, 2}}
  === not a number in brackets | refused | a number runs into a name
  [1_000, 2]
  === thousands in brackets | refused | may be one number or two
  [[1,234.5, 2]]
  === semicolons, decimal commas above whole numbers | refused | '0,5' is no number
  0,5;-0,25
  1;2
  === semicolons | 2 2 | 1.5 2.5 3.5 4.5
  1.5; 2.5
  3.5; 4.5
  === semicolons, one row | 3 | 1.5 2.5 3
  1.5; 2.5; 3
  === semicolons, decimal commas | refused | is no number
  1,5; 2,5
  3,5; 4,5
  === semicolons, names | 2 2 | 1.5 2.5 3.5 4.5
  a;b
  1.5;2.5
  3.5;4.5
  === matlab logical | 2 2 | 1 0 0 1
    2×2 logical array

     1   0
     0   1
  === matlab single | 1 3 | 1.5 2 3
    1×3 single row vector

      1.5000    2.0000    3.0000
  === julia, three axes | 2 2 2 | 1 5 2 6 3 7 4 8
  2×2×2 Array{Float64, 3}:
  [:, :, 1] =
   1.0  2.0
   3.0  4.0

  [:, :, 2] =
   5.0  6.0
   7.0  8.0
  === matlab, three axes | 2 2 2 | 1 5 2 6 3 7 4 8
  ans(:,:,1) =

       1     2
       3     4

  ans(:,:,2) =

       5     6
       7     8
  === three axes, one missing | refused | slice 3 follows
  [:, :, 1] =
   1.0  2.0

  [:, :, 3] =
   5.0  6.0
  """#
